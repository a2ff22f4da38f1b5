"""What goes wrong between us and the table, under a name that does not say how the table is reached."""

from pynamodb.exceptions import PynamoDBException

StoreError = PynamoDBException
