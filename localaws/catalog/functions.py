"""User-defined functions: Trino looks them up in Glue; Athena never writes one there."""

from localaws.catalog.call import Answer, Call, Layers, Next, refusal


def get_function(call: Call, _following: Next) -> Answer:
    """No function has that name."""
    return refusal("EntityNotFoundException", f"Function {call.payload['FunctionName']} not found.")


def get_functions(_call: Call, _following: Next) -> Answer:
    """No database has functions."""
    return Answer(200, {"UserDefinedFunctions": []})


LAYERS: Layers = {"GetUserDefinedFunction": get_function, "GetUserDefinedFunctions": get_functions}
