"""unittest, with the server as a context manager."""

import unittest

import requests

import jobsmock


class JobsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = jobsmock.Server(sample="demo", seed=1).start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.mock = self.server.make_world()

    def test_a_server_that_is_busy_says_so(self):
        self.mock.rules.fail("jobs.list", status=503, headers={"Retry-After": "1"})
        answer = requests.get(f"{self.mock.endpoint()}/jobs")
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "1"))

    def test_the_next_test_knows_nothing_of_that(self):
        self.assertEqual(requests.get(f"{self.mock.endpoint()}/jobs").status_code, 200)
        self.assertEqual(self.mock.verify("jobs.list"), 1)


class OneServerForOneTest(unittest.TestCase):
    def test_a_server_in_a_block(self):
        with jobsmock.Server(sample="empty") as mock:
            self.assertEqual(requests.get(f"{mock.endpoint()}/jobs").json(), {"jobs": []})

    def test_no_server_at_all(self):
        mock = jobsmock.Cloud(sample="empty")
        self.assertEqual(mock.session().get(f"{mock.endpoint()}/jobs").json(), {"jobs": []})
