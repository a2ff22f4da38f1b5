"""The tests' DynamoDB says what AWS documents: held against botocore, MiniStack and moto, statement by statement."""
