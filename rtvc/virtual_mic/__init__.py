"""A microphone that other programs record and rtvc speaks into."""
