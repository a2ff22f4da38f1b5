"""The API's nouns: each file has its role table, its bodies and its routes."""
