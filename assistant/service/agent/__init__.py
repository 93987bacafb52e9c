"""An agent that plans freely with tools, within the service's own gates: for models that are strong enough for it."""

from assistant.service.agent.flow import AgentFlow
from assistant.service.agent.planner import Planner

__all__ = ["AgentFlow", "Planner"]
