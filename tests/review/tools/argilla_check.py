# SPDX-FileCopyrightText: 2026 The Evalwright authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""argilla_check.py SETTINGS RECORDS ANSWERS OUT: whether Argilla's own client takes the settings and the records; then
its flattened form of the records with the answers {id: [{user, status, values}]}, as JSON. There is no server: what
would be sent is answered here."""
import json
import sys
import uuid

import httpx

import argilla._api._client as client_module

ME = {"id": str(uuid.uuid4()), "username": "me", "role": "owner", "items": []}
client_module.create_http_client = lambda **_: httpx.Client(
    base_url="http://127.0.0.1:9", transport=httpx.MockTransport(lambda request: httpx.Response(200, json=ME))
)
import argilla as rg  # noqa: E402
from argilla.records._io import GenericIO  # noqa: E402
from argilla.records._mapping import IngestedRecordMapper  # noqa: E402

client = rg.Argilla(api_url="http://127.0.0.1:9", api_key="none")
settings = rg.Settings.from_json(sys.argv[1])
settings.validate()
dataset = rg.Dataset(name="review", settings=settings, client=client)
mapper = IngestedRecordMapper(dataset=dataset, user_id=uuid.uuid4())
with open(sys.argv[2], encoding="utf-8") as file:
    rows = json.load(file)
with open(sys.argv[3], encoding="utf-8") as file:
    answers = json.load(file)
records = []
for row in rows:
    unknown = set(row) - set(mapper.mapping.keys())
    assert not unknown, unknown
    record = mapper(row)
    for answer in answers.get(row["id"], []):
        for name, value in answer["values"].items():
            record.responses.add(
                rg.Response(question_name=name, value=value, user_id=uuid.UUID(answer["user"]), status=answer["status"])
            )
    records.append(record)
with open(sys.argv[4], "w", encoding="utf-8") as file:
    json.dump(GenericIO.to_list(records, flatten=True), file, ensure_ascii=False)
