"""Coroutines as tests, with httpx and aiohttp."""

import aiohttp
import httpx
import pytest


@pytest.mark.asyncio
async def test_the_asynchronous_client_of_httpx_needs_no_socket(jobsmock):
    async with httpx.AsyncClient(transport=jobsmock.transport(), base_url=jobsmock.endpoint()) as client:
        assert (await client.get("/jobs")).json()["jobs"]


@pytest.mark.asyncio
async def test_aiohttp_asks_the_server(jobsmock):
    jobsmock.rules.fail("jobs.list", status=503, times=1)
    async with aiohttp.ClientSession() as session:
        for status in (503, 200):
            async with session.get(f"{jobsmock.endpoint()}/jobs") as answer:
                assert answer.status == status
