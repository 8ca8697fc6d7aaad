"""One table, one file. Importing this package registers them all with the metadata."""

from service.records.tables.agreement import Agreement
from service.records.tables.answer_use import AnswerUse
from service.records.tables.api_key import ApiKey
from service.records.tables.attachment import Attachment
from service.records.tables.audit_entry import AuditEntry
from service.records.tables.brief_version import BriefVersion
from service.records.tables.calendar_day import CalendarDay
from service.records.tables.call import Call
from service.records.tables.call_recipient import CallRecipient
from service.records.tables.cost_line import CostLine
from service.records.tables.counted_case import Closing, CountedCase
from service.records.tables.deliverable import Deliverable
from service.records.tables.delivery_attempt import DeliveryAttempt
from service.records.tables.digest import Digest
from service.records.tables.enquiry import Enquiry
from service.records.tables.entry import Entry
from service.records.tables.event import Event
from service.records.tables.event_counter import EventCounter
from service.records.tables.feed_counter import FeedCounter
from service.records.tables.feed_entry import FeedEntry
from service.records.tables.follow_up import FollowUp
from service.records.tables.funding_line import FundingLine
from service.records.tables.glossary_term import GlossaryTerm
from service.records.tables.heartbeat import Heartbeat
from service.records.tables.idempotency_record import IdempotencyRecord
from service.records.tables.interest import Interest
from service.records.tables.offer import Offer
from service.records.tables.organisation import Organisation
from service.records.tables.outbox import OutboxMessage
from service.records.tables.outcome import OutcomeRecord
from service.records.tables.participation import Participation
from service.records.tables.past_event import PastEvent
from service.records.tables.person import Person
from service.records.tables.preference import Preference
from service.records.tables.product import Product
from service.records.tables.project import Project
from service.records.tables.publication import Publication
from service.records.tables.published_answer import PublishedAnswer
from service.records.tables.question_version import QuestionVersion
from service.records.tables.ranking_snapshot import RankingSnapshot
from service.records.tables.rate_count import RateCount
from service.records.tables.register_entry import RegisterEntry
from service.records.tables.reminder_fate import ReminderFate
from service.records.tables.reminder_setting import ReminderSetting
from service.records.tables.report import Report
from service.records.tables.researcher import Researcher
from service.records.tables.researcher_merge import ResearcherMerge
from service.records.tables.satisfaction import Satisfaction
from service.records.tables.service_state import ServiceState
from service.records.tables.shortlist_decision import ShortlistDecision
from service.records.tables.sign_in_link import SignInLink
from service.records.tables.signature import Signature
from service.records.tables.source_run import ResearchSource, SourceRun
from service.records.tables.spent_flow import SpentFlow
from service.records.tables.synonym_group import SynonymGroup
from service.records.tables.text_vector import TextVector
from service.records.tables.told_apart import ToldApart
from service.records.tables.web_session import WebSession
from service.records.tables.webhook import Webhook

__all__ = [
    "Agreement",
    "AnswerUse",
    "ApiKey",
    "Attachment",
    "AuditEntry",
    "BriefVersion",
    "CalendarDay",
    "Call",
    "CallRecipient",
    "Closing",
    "CostLine",
    "CountedCase",
    "Deliverable",
    "DeliveryAttempt",
    "Digest",
    "Enquiry",
    "Entry",
    "Event",
    "EventCounter",
    "FeedCounter",
    "FeedEntry",
    "FollowUp",
    "FundingLine",
    "GlossaryTerm",
    "Heartbeat",
    "IdempotencyRecord",
    "Interest",
    "Offer",
    "Organisation",
    "OutboxMessage",
    "OutcomeRecord",
    "Participation",
    "PastEvent",
    "Person",
    "Preference",
    "Product",
    "Project",
    "Publication",
    "PublishedAnswer",
    "QuestionVersion",
    "RankingSnapshot",
    "RateCount",
    "RegisterEntry",
    "ReminderFate",
    "ReminderSetting",
    "Report",
    "ResearchSource",
    "Researcher",
    "ResearcherMerge",
    "Satisfaction",
    "ServiceState",
    "ShortlistDecision",
    "SignInLink",
    "Signature",
    "SourceRun",
    "SpentFlow",
    "SynonymGroup",
    "TextVector",
    "ToldApart",
    "WebSession",
    "Webhook",
]
