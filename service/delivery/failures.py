"""The two ways a message can fail to leave."""


class TemporaryFailure(Exception):
    """It may work later: the message is tried again after a back-off. Its text says what happened, for managers."""


class FinalFailure(Exception):
    """It will not work however often it is tried: the message becomes a dead letter. Its text says why."""
