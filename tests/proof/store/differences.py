"""Where MiniStack and moto are known not to do what AWS documents, and the sentence that settles who is right.

A statement listed here has to fail where it is listed: once it holds there, the line goes. What no sequence of calls
shows is not listed: MiniStack and moto carry out one call after the other, so TransactionConflict, a transaction in
progress and a late eventually consistent read never occur there; `test_locks.py` and `test_memory.py` have them.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Difference(NamedTuple):
    """`cases` are beginnings of a statement's cases, empty for all; `aws_says` stands on the page named after it."""

    statement: str
    cases: tuple[str, ...]
    aws_says: str


TYPES = 'If an item contains an element of a different type, "the value does not match" (API: Condition)'
END = "The only way to know when you have reached the end is when LastEvaluatedKey is empty (API: Query)"
SYNTAX = "The syntax summary (guide: Condition and filter expressions, operators, and functions)"
LITERALS = "LT, BETWEEN: only String, Number, or Binary; BEGINS_WITH: only String or Binary (API: Condition)"
USED = "Value provided in ExpressionAttributeNames unused in expressions (the service's own message)"
DEFINED = "An expression attribute name, or value, used in an expression is not defined (the service's own message)"
KEY_TEST = "The condition must perform an equality test on a single partition key value (API: Query)"
SORT_TEST = "Valid comparisons for the sort key: = < <= > >= BETWEEN begins_with (API: Query)"
NO_KEYS = (
    "A filter expression cannot contain partition key or sort key attributes (guide: Filter expressions for Query)"
)
ZEROES = "Leading and trailing zeroes are trimmed (guide: Supported data types, Number)"
DIGITS = (
    "Up to 38 digits, 9.9E+125 at most; exceeding this results in an exception (guide: Supported data types, Number)"
)
ASTRAY = "The document path provided in the update expression is invalid for update (the service's own message)"
ONE_PATH = "Two document paths overlap with each other; must remove or rewrite one (the service's own message)"
CLAUSES = "Each action keyword can appear only once (guide: Using update expressions)"
PATH_IS_VALUE = "set-action ::= path = value (guide: Using update expressions)"
NO_FETCH = "You can only request the attributes that are projected into the index (guide: Global secondary indexes)"
BATCH = "A single operation can retrieve up to 16 MB; UnprocessedKeys has the rest (API: BatchGetItem)"
SHIFTED = "REMOVE l[1], l[2] removes those two, then the rest is shifted (guide: Removing elements from a list)"
OPERANDS = "Operands of + and - must be numbers (guide: Incrementing and decrementing numeric attributes)"
UNIQUE = "Each value within a set must be unique (guide: Supported data types, Sets)"
INDEX_KEY = "Length greater than zero if the attribute is used as a key attribute for a table or index (API: PutItem)"
ALL_KEYS = "For the primary key, you must provide all of the key attributes, and only those (API: GetItem)"
ITEM_SIZE = "The maximum item size is 400 KB, names included; 1 KB is 1024 bytes (guide: Constraints)"
TRANSACTION_SIZE = "The aggregate size of the items in the transaction cannot exceed 4 MB (API: TransactWriteItems)"
REASONS = (
    "CancellationReasons in the order of the items; Validation Error: code ValidationError (API: TransactWriteItems)"
)
TOKEN = "Multiple identical calls with a token have the same effect as one single call (API: TransactWriteItems)"
MISMATCH = "Same client token, other parameters: IdempotentParameterMismatch (API: TransactWriteItems)"
TOKEN_LENGTH = "ClientRequestToken: minimum length of 1, maximum length of 36 (API: TransactWriteItems)"

HOLDS = "test_a_condition_holds_for_writes_and_filters_alike"
NONE = "test_a_condition_that_is_none_is_refused_whatever_there_is"
CANNOT = "test_an_update_that_cannot_be_changes_nothing"
UPDATES = "test_an_update_reads_what_was_there_and_then_writes"
NO_KEY_CONDITION = "test_a_key_condition_that_is_none_is_refused"
FORM = "test_a_number_has_one_form"
FILTERED_KEYS = "test_a_filter_of_a_query_knows_no_keys"

DIFFERENCES: Mapping[str, tuple[Difference, ...]] = {
    "ministack": (
        Difference(HOLDS, ("contains(nums, :v)",), ZEROES),
        Difference(NONE, ("attribute_type(n, :v)",), SYNTAX),
        Difference(NONE, ("begins_with(n, :v)", "n < :v"), LITERALS),
        Difference(UPDATES, ("REMOVE a[0], a[2]",), SHIFTED),
        Difference(CANNOT, ("SET a = a + :v-{'a': '1'}",), OPERANDS),
        Difference(CANNOT, ("SET a[0] = :v", "REMOVE a.b"), ASTRAY),
        Difference(CANNOT, ("SET a = :v, a = :v",), ONE_PATH),
        Difference(CANNOT, ("SET a = :v SET b = :v",), CLAUSES),
        Difference("test_sums_are_exact_to_38_digits", (), DIGITS),
        Difference(NO_KEY_CONDITION, ("pk = :pk OR sk = :pk",), KEY_TEST),
        Difference(NO_KEY_CONDITION, ("pk = :pk AND NOT", "pk = :pk AND sk <>", "pk = :pk AND contains"), SORT_TEST),
        Difference(FILTERED_KEYS, (), NO_KEYS),
        Difference("test_a_filter_sees_only_what_the_index_shows", (), NO_FETCH),
        Difference("test_a_batch_above_16_megabytes_leaves_keys_for_the_next", (), BATCH),
        Difference("test_what_no_item_makes_possible_refuses_the_transaction", (), PATH_IS_VALUE),
    ),
    "moto": (
        Difference(HOLDS, ("ten > :v-{'v': '9'}",), TYPES),
        Difference(NONE, ("n = -", "n == :v", "n = :v AND", "(n = :v", "n IN ()", "size(n)"), SYNTAX),
        Difference(NONE, ("attribute_exists(", "attribute_type("), SYNTAX),
        Difference(NONE, ("n = :v-{}", "#n = :v"), DEFINED),
        Difference(NONE, ("begins_with(n, :v)", "n < :v", "n BETWEEN"), LITERALS),
        Difference(CANNOT, ("SET a.b = :v-{'a': 1}",), ASTRAY),
        Difference(FORM, (), ZEROES),
        Difference("test_what_is_no_number_is_refused", ("111", "1e126"), DIGITS),
        Difference("test_a_set_that_says_a_thing_twice_is_refused", (), UNIQUE),
        Difference("test_an_index_key_is_absent_or_a_string_with_something_in_it", (), INDEX_KEY),
        Difference("test_a_key_is_exactly_the_tables", (), ALL_KEYS),
        Difference("test_an_item_has_at_most_400_kilobytes", (), ITEM_SIZE),
        Difference("test_aliases_are_all_used_and_all_there", (), USED),
        Difference(NO_KEY_CONDITION, ("pk = :pk OR",), KEY_TEST),
        Difference(NO_KEY_CONDITION, ("pk = :pk AND NOT", "pk = :pk AND sk <>", "pk = :pk AND sk = :pk"), SORT_TEST),
        Difference(FILTERED_KEYS, (), NO_KEYS),
        Difference("test_a_page_that_its_limit_ends_says_so_even_where_nothing_follows", (), END),
        Difference("test_a_transaction_has_at_most_four_megabytes", (), TRANSACTION_SIZE),
        Difference("test_what_an_item_makes_impossible_cancels_the_transaction", (), REASONS),
        Difference("test_a_token_makes_a_transaction_happen_once", (), TOKEN),
        Difference("test_a_token_with_another_body_is_an_error", (), MISMATCH),
        Difference("test_a_token_has_at_most_36_characters", (), TOKEN_LENGTH),
    ),
}


def known(where: str, statement: str, case: str) -> Difference | None:
    """Return why a case of a statement need not hold somewhere."""
    for each in DIFFERENCES.get(where, ()):
        if each.statement == statement and (not each.cases or case.startswith(each.cases)):
            return each
    return None
