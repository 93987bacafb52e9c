# Aisle in a container; compose.yaml puts it beside vLLM, PostgreSQL and Chroma.
FROM python:3.11.13-slim-bookworm

# llama.cpp, which runs the packaged model, needs OpenMP.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home aisle \
    && install --directory --owner=aisle /var/lib/aisle

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --requirement requirements.txt
COPY app.py LICENSE ./
COPY assistant assistant
COPY catalog catalog

ENV AISLE_HOME=/var/lib/aisle AISLE_HOST=0.0.0.0 AISLE_PORT=7860 PYTHONUNBUFFERED=1
USER aisle
VOLUME /var/lib/aisle
EXPOSE 7860
CMD ["python", "app.py"]
