"""The AsyncAPI document of the MQTT contract and its page, made from the types that parse and make the messages."""
