"""`python -m chat`: the report-chat command."""

from chat.cli import main

raise SystemExit(main())
