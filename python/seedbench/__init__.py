"""Audits seeding."""
