"""DynamoDB in this process: what PynamoDB asks of botocore's client, answered from dictionaries, strictly.

    dynamo = Dynamo.from_template(clock=clock, staleness=lambda: 3)
    dynamo.before.append(hook)   # called with each operation and request before it is carried out; may raise
    dynamo.during.append(hook)   # called while a transaction's keys are locked and nothing of it is written
    dynamo.after.append(hook)    # called when it is carried out and not answered yet; may raise

It is what AWS documents, not what is convenient: conditions of a transaction are judged against the record before it, a
token given again with another body is an error and forgotten after ten minutes, an eventually consistent read may be
late, nothing is deleted because its time to live is over, an unused placeholder is refused.
`tests/proof/store/test_conformance*.py` hold it against other implementations.
"""

from tests.support.dynamo.client import Dynamo
from tests.support.dynamo.refused import Refused
from tests.support.dynamo.store import Change, Hook
from tests.support.dynamo.tables import Index, Key, Table
from tests.support.dynamo.values import Attributes

__all__ = ["Attributes", "Change", "Dynamo", "Hook", "Index", "Key", "Refused", "Table"]
