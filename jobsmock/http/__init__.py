"""Between HTTP and the service: URL tables, translation of requests and answers, nothing else."""
