use crate::diagnostic::codes;

codes! {
    SYNTAX_ERROR = "syntax-error": "The text is not HCL (or JSON). The file says nothing until it is mended; the other files are checked all the same.";
    INPUT_TOO_LARGE = "input-too-large": "A file of the input is limited to 8 MiB and a map or list to 4096 entries, so that no input can make a run hang.";
    NESTED_TOO_DEEP = "nested-too-deep": "Brackets in the input may stand 12 deep, in JSON 64; the language itself needs five.";
    CONFLICT_MARKERS = "conflict-markers": "Git left the two sides of a merge in the file. Which of them holds is for a person to say.";
    NOT_DATA = "not-data": "The input is data: literals, lists, maps and references. Functions, loops, operators, conditions and `${}` would make a value that nobody can find by searching for it.";
    UNKNOWN_BLOCK = "unknown-block": "The language has no such block here. Nothing that is written is ignored, so it is an error.";
    UNKNOWN_ATTRIBUTE = "unknown-attribute": "The language has no such attribute here. Nothing that is written is ignored, so it is an error.";
    DUPLICATE = "duplicate": "The same thing is written twice. The files of a directory are merged, and no order among them says which one would win.";
    WRONG_LABELS = "wrong-labels": "A block has exactly one label where it names something, and none where it does not.";
    INVALID_NAME = "invalid-name": "Names become file names, addresses and tags: a letter, then up to 62 letters, digits, `_` or `-`.";
    WRONG_TYPE = "wrong-type": "The value is not of the type that the attribute takes.";
    MISSING_ATTRIBUTE = "missing-attribute": "An attribute that has no default is not written.";
    INVALID_CIDR = "invalid-cidr": "A CIDR block is written as `10.0.0.0/8`, without host bits and without leading zeros, so that one block has one text.";
    INVALID_PORT = "invalid-port": "A port is `tcp/443`, `udp/1024-2048`, `icmp` or `all`.";
    OUT_OF_RANGE = "out-of-range": "The number is outside of what the attribute (or the cloud) takes.";
    EMPTY_LIST = "empty-list": "A list that must name somebody is empty.";
}
