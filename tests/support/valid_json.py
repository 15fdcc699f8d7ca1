"""valid_json.py FILE…: each line, or a whole document, holds to the schema of schemas/ that it names."""

import json
import os
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit(0)

schemas = {}
for file in (pathlib.Path(os.environ["GREFFE_SOURCE"]) / "schemas").glob("*.schema.json"):
    schema = json.loads(file.read_text())
    schemas[schema["$id"].replace("urn:greffe:", "greffe.")] = schema
for name in sys.argv[1:]:
    text = pathlib.Path(name).read_text()
    for document in text.splitlines() if text.startswith('{"') else [text]:
        value = json.loads(document)
        jsonschema.Draft7Validator(schemas[value["schema"]]).validate(value)
