"""What banks ask of IoT Core's provisioning service, which asks us."""
