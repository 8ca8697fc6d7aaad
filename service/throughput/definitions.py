"""What each published figure means, as versioned data. A changed meaning is a new version, never an edited text."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure's meaning. `id` is its name and version; `figure` the member of an answer that carries it."""

    figure: str
    version: int
    unit: str
    text: str
    rules: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.figure}/{self.version}"


_ONE_EPOCH = (
    "An enquiry is followed from its submission to its first closing. What happens after a reopening has a clock of "
    "its own: the old result stands, and the enquiry is counted as reopened."
)
_UNFINISHED = "An enquiry that was not there yet at as_of is kept in, for as long as it was watched: it is censored, never dropped."
_QUANTILE = (
    "median, p75 and p90 are the smallest time t at which the estimated share F(t) is at least 0.5, 0.75 and 0.9. "
    "Where the share never gets that high the value is null and not_reached is true."
)
_WORKING_DAYS = (
    "Working days are days of eight hours, Monday to Friday 09:00 to 17:00 in London, without the bank holidays of the "
    "nation the enquirer's area lies in (the service's own where no area is known) as the service's calendar held them "
    "at as_of. Where as_of lies before the calendar was first loaded, the days loaded first count. Time on hold is left out."
)

DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "throughput", 1, "figures of a cohort",
        "What became, by the end of the day as_of in London, of the enquiries submitted from the first day of one "
        "calendar month (from) up to but not including the first day of another (to).",
        (
            "Everything comes from the log of events: what was recorded after the end of as_of changes nothing, and the same question with the same as_of gets the same answer.",
            "Areas and outcomes are as they were known then.",
            _ONE_EPOCH,
            "An enquiry merged into another counts as submitted, with the outcome duplicate. Spam is counted apart and in no other figure.",
            "Cases of an earlier service that were brought in count at their own dates, but in no figure that had been told before they came in.",
        ),
    ),
    Definition(
        "submitted", 1, "enquiries",
        "Enquiries whose question reached the service in the period, by form or on somebody's behalf, without spam.",
        ("The moment is when the submission was recorded. A draft that was never sent is no enquiry.",),
    ),
    Definition(
        "originating", 1, "enquiries",
        "Enquiries submitted, without those that were split from another: a question that was split is counted once.",
    ),
    Definition(
        "decided", 1, "enquiries",
        "Enquiries of the cohort that were commissioned or closed, whichever came first, by as_of.",
        (_ONE_EPOCH, "Every outcome counts, merging included: exits says how many of each."),
    ),
    Definition(
        "open", 1, "enquiries",
        "Enquiries of the cohort that were neither commissioned nor closed by as_of. decided and open make up submitted.",
    ),
    Definition(
        "commissioned", 1, "enquiries",
        "Enquiries of the cohort that became a commissioned project by as_of, whatever became of the project.",
        (_ONE_EPOCH, "Funded, studentship and in-kind projects all count."),
    ),
    Definition(
        "reopened", 1, "enquiries",
        "Enquiries of the cohort that were opened again by as_of, after the closing that the other figures count.",
    ),
    Definition(
        "spam", 1, "enquiries", "What was sent in the period and turned out by as_of not to be an enquiry at all.",
    ),
    Definition(
        "conversion", 1, "share from 0 to 1",
        "commissioned (numerator) divided by decided (denominator): of the enquiries whose fate was known by as_of, "
        "the share that became a project. Rounded to four decimals.",
        (
            "Enquiries still open are in neither number. Quick exits are decided sooner than projects are commissioned, so a young cohort's conversion is too low; time_to.commissioned is not misled by this.",
            "Most enquiries rightly end without a project: this is no measure of success.",
        ),
    ),
    Definition(
        "exits", 1, "enquiries by outcome",
        "How the enquiries of the cohort were first closed, by as_of. An enquiry can be commissioned and then closed "
        "as completed, terminated or withdrawn, so exits and commissioned overlap.",
        (_ONE_EPOCH,),
    ),
    Definition(
        "time_to.first_response", 1, "working days",
        "From submission to the first logged message, call or meeting of a person of the team with the enquirer; "
        "automatic receipts do not count. Estimated after Kaplan and Meier.",
        (
            _UNFINISHED,
            "An enquiry closed without a response leaves the estimate at its closing, as one still waiting does at as_of.",
            "A contact logged later counts from when it took place.",
            _QUANTILE, _WORKING_DAYS,
        ),
    ),
    Definition(
        "time_to.agreed_brief", 1, "working days",
        "From submission to the first time the enquirer agreed a brief. Estimated as cumulative incidence after Aalen "
        "and Johansen: being closed first competes with it.",
        (_UNFINISHED, _QUANTILE, _WORKING_DAYS),
    ),
    Definition(
        "time_to.published", 1, "working days",
        "From submission to the first publication of a brief to universities. Estimated as cumulative incidence after "
        "Aalen and Johansen: being closed first competes with it.",
        (_UNFINISHED, _QUANTILE, _WORKING_DAYS),
    ),
    Definition(
        "time_to.commissioned", 1, "working days",
        "From submission to commissioning. Estimated as cumulative incidence after Aalen and Johansen: being closed "
        "first competes with it, so the median is null where fewer than half are commissioned in the end.",
        (_UNFINISHED, _QUANTILE, _WORKING_DAYS),
    ),
    Definition(
        "time_to.closed", 1, "working days",
        "From submission to the first closing, with any outcome. Estimated after Kaplan and Meier.",
        (_UNFINISHED, _QUANTILE, _WORKING_DAYS),
    ),
    Definition(
        "time_in_state", 1, "working days",
        "How long enquiries of the cohort stayed in each state. Each stay counts, so an enquiry that came back to a "
        "state has several. Estimated after Kaplan and Meier; reached are the stays that ended, whichever way.",
        (
            _UNFINISHED, _ONE_EPOCH, _QUANTILE, _WORKING_DAYS,
            "waiting_on splits the stays by who held the ball: each unbroken turn counts, and working_days are all turns together, finished or not.",
            "elapsed is the same in days of 24 hours, holds, nights and weekends included.",
            "held tells how many stays were put on hold, and the working days they spent so.",
        ),
    ),
    Definition(
        "in_time", 1, "enquiries",
        "Whether something usable was there by the end of the day by which the enquirer needed it: an answer, a signpost or "
        "delivered findings. late were later, or have nothing yet though the day is over; nothing_usable were closed another "
        "way; not_yet are open with the day still ahead; no_date gave none. Together they make up submitted.",
        (
            _ONE_EPOCH,
            "The date is the last one recorded before the first closing. Dates recorded before the log began to carry them count as no_date.",
        ),
    ),
    Definition(
        "use", 1, "enquiries",
        "What people said of the use of delivered findings, by as_of, however late. asked are the enquiries with delivered "
        "findings, whose people are first asked 60 working days later; answered those with an answer; used, planned, no and "
        "cannot_say make up answered.",
        ("Of several answers about one enquiry the latest counts, leaving out those of people who cannot say where somebody could.",),
    ),
    Definition(
        "money", 1, "GBP",
        "Money and help in kind that was confirmed by as_of for projects that had begun: cash apart from in kind, and the "
        "service's own money apart from everybody else's.",
        ("A line counts as it was last recorded. Lines recorded before the log began to carry amounts are left out.",),
    ),
    Definition(
        "enquirers", 1, "enquiries",
        "Whether the body that asked had asked before: first_time are enquiries that were the first from their body, "
        "returning the later ones, not_known those of which no body is known. Together they make up submitted.",
        ("An enquiry split from another is a later one of the same body.",),
    ),
    Definition(
        "funnel", 1, "enquiries",
        "For each state, the enquiries of the cohort that reached it or a later one, that were closed before it, and "
        "that were still before it at as_of. The three make up submitted.",
        (_ONE_EPOCH, "Going back to an earlier state takes nothing away."),
    ),
    Definition(
        "ageing", 1, "enquiries",
        "Enquiries of the cohort that were neither commissioned nor closed at as_of, or were commissioned and still running, "
        "by the state they were in and by the working days since submission.",
        ("A reopened enquiry keeps its first result and is not counted as open here.", _WORKING_DAYS),
    ),
    Definition(
        "demand", 1, "enquiries",
        "What was wanted and could not be met: enquiries of the cohort closed for want of capacity at universities, for want of "
        "funding, or because the window in which an answer could be used had passed. unmet is the three together.",
        (_ONE_EPOCH, "Topics overlap, and each is told as far as topics are told in throughput."),
    ),
    Definition(
        "universities", 1, "enquiries, interests, offers, declines",
        "What universities answered to the calls of the cohort, all together: called are enquiries whose brief was published, "
        "with_interest those for which a team was offered; interests, declines by reason and offers are counted one by one.",
        (_ONE_EPOCH,),
    ),
    Definition(
        "transitions", 1, "events",
        "How often each event led enquiries of the cohort from one state to another by as_of, reopenings included.",
    ),
    Definition(
        "reach", 1, "councils",
        "Of the councils in the service's register at as_of, how many had ever asked (heard_from) and how many never had "
        "(never), in all and by the area the register names. The two make up on_register.",
        (
            "A council has asked when an enquiry in its name reached the service, by form or on somebody's behalf. Spam does not count.",
            "A council that others took over from has left the register; whoever took over counts as heard from where either was.",
            "Cases of an earlier service name no body, so nobody counts as heard from because of them.",
            "By area, what the register holds is always told. heard_from and never are told where both are at least the threshold, and where those withheld are none, or at least two areas that reach it together in both.",
            "The total is never withheld. Two as_of dates may be compared.",
        ),
    ),
    Definition(
        "reach", 2, "councils",
        "Of the councils in the service's register at as_of, how many had ever asked (heard_from) and how many never had "
        "(never), in all and by the area the register names. The two make up on_register.",
        (
            "A council has asked when an enquiry in its name reached the service, by form or on somebody's behalf. Spam does not count.",
            "A council that others took over from has left the register; whoever took over counts as heard from where either was.",
            "Cases of an earlier service name no body, so nobody counts as heard from because of them.",
            "By area, what the register holds is always told. heard_from and never are told where both are at least the threshold. Where an area is withheld for that, so are those with the fewest councils in the register, until they are two that hold twice the threshold, whatever was asked there.",
            "No area is told where those withheld do not reach the threshold together in both, or where the number of one of them would follow.",
            "The total is never withheld. Two as_of dates may be compared.",
        ),
    ),
    Definition(
        "access", 1, "enquiries",
        "From whom the enquiries submitted in the period came, in all and by area: the public health department of a "
        "council, another department of a council, another body, or not known; and whether their body had asked before.",
        (
            "The department is what the sector of an enquiry says, as last known before its first closing and by as_of: managers enter it, and no enquirer is asked for it.",
            "public_health, other_department, other_bodies and not_known make up submitted; so do first_time, returning and body_not_known.",
            "Cases of an earlier service are left out. For the team alone: nothing is withheld.",
        ),
    ),
    Definition(
        "brokerage", 1, "minutes",
        "The minutes that were logged in the period with messages, calls, meetings, posts and notes, in all and by month; "
        "by the state the enquiry was in; and as median, p75 and p90 of the enquiries on which any were logged.",
        (
            "Time counts in the month in which it was written down, and in the state the enquiry was in then. Time nobody logged is nowhere: this is the least it took.",
            "not_noted is time written down before the state was noted with it. Of a redacted entry the minutes stay.",
            "For the team alone.",
        ),
    ),
    Definition(
        "reminders", 1, "reminders",
        "What became of the reminders that were settled in the period, in all and by rule: met_before_due was no longer "
        "wanted before its day, because what it was to remind of was done or the work had gone on or ended; sent_on_time "
        "went out on its day; sent_as_put_off on the later day to which it had been put off; sent_late after its day; "
        "stopped_once_due was no longer wanted on its day or after.",
        (
            "met is the share of the first three among these five, rounded to four decimals.",
            "replaced gave way to a newer step of the same rule; not_sendable had nobody who could be written to, or a rule that was stopped; cancelled was ended by a manager.",
            "A reminder that stands again after it was settled counts each time. What was settled before fates were noted is left out.",
            "For the team alone.",
        ),
    ),
    Definition(
        "readiness", 1, "briefs",
        "Of the briefs published in the period, in all and by month, of how many readiness had nothing more to advise when "
        "they went out (ready), and on how many it still had (advised), by section.",
        (
            "Advice is on missing and weak sections, on questions without population or outcome, and on dates and budgets that the product wanted cannot meet. Advice on words alone is counted as wording and makes no brief unready.",
            "The advice is that of the day of publication; later changes of the ladder or the glossary move nothing. A later revision of an open call does not count again.",
            "not_noted are those published before the log began to carry it. For the team alone.",
        ),
    ),
    Definition(
        "products", 1, "working days",
        "How long the service's own projects of each product took from their start to delivery, by as_of: median, p75 and "
        "p90 after Kaplan and Meier, beside the working days that the product takes by default.",
        (
            "A project that is still running at as_of, or was stopped, is kept in for as long as it was watched.",
            "Where fewer than the threshold were delivered only their number is told, and suppressed is true. A null that is not suppressed lies beyond what was seen.",
            "The product is the one that was wanted when the project started. Projects that started before the log began to carry it are left out.",
            "Working days are those of the area of whoever asked; a pause counts. For the team alone.",
        ),
    ),
    Definition(
        "own", 1, "calls",
        "What one university answered to the calls sent to it in the period, and what had become of it by as_of. A call that "
        "was sent again counts again. with_interest, declined and unanswered make up calls.",
        (
            "A call counts as declined when no team was offered and the last word was no, with the last reason given.",
            "time_to_answer runs from the call to the first answer, after Kaplan and Meier: a call never answered counts for as long as it stood open. Working days are those of the service's own calendar.",
            "A project is on_time when it was delivered by the day on which the agreed costs said it ends. Projects commissioned before the log began to carry that day are no_date.",
            "others are the other universities all together. They are told of everything so far and of years that end with the month of as_of, and only where in each such year at least the threshold of other universities were sent calls and answered.",
            "Of with_interest and offers_accepted each, and what is left without it, is at least the threshold in each such year, and comes from at least as many universities; else it is null.",
            "No key is told of any other university by itself.",
        ),
    ),
    Definition(
        "suppression", 1, "rule",
        "Figures for whole years and for everything so far are never withheld. Any other period tells at most how many "
        "enquiries were submitted in it, and that only where no number of submissions under the threshold could be worked "
        "out from all such answers of the same as_of together. What is withheld is null, and suppressed is true.",
        (
            "Whole years are twelve months, or twenty-four and so on, beginning with any month.",
            "Months after as_of, and before the first submission, do not make a period longer.",
            "What follows from whole years and from everything so far alone is not withheld. Two as_of dates may be compared.",
        ),
    ),
    Definition(
        "suppression", 2, "rule",
        "For the service as a whole, figures for whole years and for everything so far are never withheld; any other "
        "period tells at most how many enquiries were submitted in it, and that only where no number of submissions under "
        "the threshold could be worked out from all such answers of the same as_of together. For groups, no number under "
        "the threshold is told, and none of them follows from all answers of the same as_of together. What is withheld is "
        "null, and suppressed is true.",
        (
            "Whole years are twelve months, or twenty-four and so on, beginning with any month.",
            "Months after as_of, and before the first submission, do not make a period longer.",
            "Groups other than months and quarters are told of everything so far and of years that end with the month of as_of: those with as_of 31 March are financial years.",
            "How finely a group is told is decided once for an as_of: from submissions alone to decisions, projects, and answers and signposts, of everything so far, of the last year, or of every year. At least one other group is always told as finely.",
            "What follows from whole years and from everything so far of the whole service is not withheld. Two as_of dates may be compared.",
        ),
    ),
    Definition(
        "group_by", 1, "rule",
        "Groups are months and quarters of submission, or the sector, area, enquiry type, topics and universities of an "
        "enquiry as last known before its first closing and by as_of.",
        (
            "Months, quarters, sectors, areas and enquiry types share the enquiries out: together with what is withheld they add up to the total.",
            "An enquiry may have several topics and several universities, or none, so these groups do not add up.",
            "A university's group holds the enquiries for which it offered a team. Only universities of which something may be told are listed.",
            "An older word that is no longer in the list of sectors, types or topics counts as other, an area as elsewhere.",
        ),
    ),
)  # fmt: skip

DEFINITION_IDS = {definition.figure: definition.id for definition in DEFINITIONS}
"""The id of the definition of each figure that holds now."""
