"""What the session does, a file for each trip: a question or a job, a thread, an answer that a panel shows."""
