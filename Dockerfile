# Builds the wheel in a first stage. The image has only Python, the wheel and its dependencies, and its user is not root.
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml setup.cfg README.md LICENSE ./
COPY jobsmock jobsmock
COPY data data
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.13-slim
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels jobsmock \
    && useradd --system --no-create-home jobsmock \
    && mkdir /data && chown jobsmock /data
USER jobsmock
# Mount a folder with your own samples here: docker run -v "$PWD:/data" … --sample /data/mine.json
WORKDIR /data
VOLUME /data
# JOBSMOCK_PORT is left out: the default is 8386, and Kubernetes sets the variable to an address if a service is named jobsmock.
ENV JOBSMOCK_HOST=0.0.0.0 PYTHONUNBUFFERED=1
EXPOSE 8386
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
    CMD ["python", "-c", "import os, urllib.request as r; p = os.environ.get('JOBSMOCK_PORT', ''); r.urlopen(f'http://127.0.0.1:{p if p.isdecimal() else 8386}/_jobsmock/health', timeout=2)"]
ENTRYPOINT ["jobsmock"]
CMD ["serve"]
