"""What happens later: the relay and the Celery worker."""
