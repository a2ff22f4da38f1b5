"""What people set up and look up over HTTP: one module per noun; reading is judged by `Asked.sees`."""
