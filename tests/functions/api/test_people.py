from tests.support.http import Client


def test_a_person_is_created_read_changed_and_listed(admin: Client) -> None:
    made = admin.post("/people", {"id": "ann", "name": "Ann", "groups": ["crew"]})
    assert made.status == 201, made.text
    assert made.headers["Location"] == "/v1/people/ann"
    read = admin.get("/people/ann")
    assert read.json["name"] == "Ann"
    changed = admin.patch("/people/ann", {"name": "Anna", "groups": None}, read.etag)
    assert changed.json == {**read.json, "name": "Anna", "groups": []}
    assert admin.patch("/people/ann", {"name": "A"}, read.etag).status == 412
    assert admin.get("/people").json == {"items": [changed.json], "next_cursor": None}
