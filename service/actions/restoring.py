"""What a restored service must not do unasked: go on as if nothing had happened since its backup was taken."""

from service.actions.audit import audit
from service.context import Context
from service.records import feed, outbox
from service.records.database import Unit

NOT_SENT_AGAIN = "The service was restored from a backup in which this message was still to be sent. It may have left since: send it again only if it did not."


def begin_again(unit: Unit, ctx: Context, *, send_queued: bool) -> int:
    """Start a new feed epoch and, unless `send_queued`, set aside what was to be sent; return how many messages that were.

    Old cursors then answer 410 with the way to begin again: entries that universities fetched after the backup are not
    here any more. Messages set aside are dead letters, which a manager sends again or cancels. Sessions and links are
    in no backup, so everybody signs in again.
    """
    feed.new_epoch(unit)
    aside = 0 if send_queued else outbox.set_aside(unit, NOT_SENT_AGAIN)
    audit(unit, ctx, "restore", "service:restore", set_aside=aside)
    return aside
