"""A pretend Twilio: REST, TwiML, signed webhooks, phones, faults, in virtual or real time."""

from simulator.clock import RealClock, VirtualClock
from simulator.network import Network
from simulator.phones import NothingHappened, Phone, PhoneCall
from simulator.transport import HttpTransport, WsgiTransport

__all__ = [
    "HttpTransport",
    "Network",
    "NothingHappened",
    "Phone",
    "PhoneCall",
    "RealClock",
    "VirtualClock",
    "WsgiTransport",
]
