// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "../support/batchserver.h"
#include "../support/fakeaccess.h"
#include "../support/fakebatches.h"
#include "evaluation/evaluate.h"
#include "lm/curltransport.h"
#include "observed.h"
#include "storage/repositories/batches.h"

#include <QDir>

namespace evalwright::test {

/// A project with the data set "d" and the model "m", which a pretend provider serves live and by batches.
struct BatchSetting
{
    Observed store;
    QTemporaryDir folder;
    CurlTransport transport;
    BatchServer server;
    FakeAccess access;
    MovableClock clock;
    Model model;
    QList<CandidateId> items;
    Delivery delivery;

    explicit BatchSetting(int count, Delivery::Kind kind, BatchService service = BatchService::OpenAi)
        : server(service), access(server.baseUrl(), "marker-key-123")
    {
        const bool anthropic = service == BatchService::Anthropic;
        server.setModel(anthropic ? fakeMessages : fakeModel);
        Model made;
        made.name = made.modelId = QStringLiteral("m");
        made.api = anthropic ? QStringLiteral("anthropic") : QStringLiteral("openai");
        made.training = QStringLiteral("instruct");
        made.priceIn = 1.0;
        made.priceOut = 2.0;
        model = must(store.project->writeNow([&](Connection &c) { return addModel(c, made); }));
        items = store.plain(QStringLiteral("d"), count);
        delivery.kind = kind;
        delivery.folder = folder.filePath(QStringLiteral("files"));
        delivery.priceFactor = 0.5;
    }
    EvaluateSpec spec() const
    {
        EvaluateSpec spec;
        spec.datasets << QStringLiteral("d");
        spec.models << QStringLiteral("m");
        spec.delivery = delivery;
        return spec;
    }
    Result<EvaluateReport> run(const EvaluateSpec &spec)
    {
        JobServices services{store.project, &transport, &access};
        services.clock = &clock;
        return evaluate(services, spec, {}, {});
    }
    Result<EvaluateReport> run() { return run(spec()); }
    /// Runs again, an hour later each time, until it no longer waits.
    Result<EvaluateReport> runToTheEnd(int most = 20)
    {
        Result<EvaluateReport> report = run();
        for (int i = 0; i < most && report && report->state == JobState::Waiting; ++i) {
            clock.pass(3600);
            report = run();
        }
        return report;
    }
    QList<StoredBatch> batches()
    {
        return must(store.ask([](Connection &c) { return listBatches(c); }));
    }
    QStringList files(const QString &pattern = QStringLiteral("job-*.jsonl"))
    {
        QStringList paths;
        for (const QString &name : QDir(delivery.folder).entryList({pattern}))
            paths << QDir(delivery.folder).filePath(name);
        return paths;
    }
    /// Of every item in order: what was observed, without row numbers and times.
    QStringList observed()
    {
        QStringList out;
        const auto rows = must(store.ask([](Connection &c) { return observations(c, {}); }));
        for (const ObservationRow &row : rows) {
            const Observation &o = row.observation;
            out << QStringLiteral("%1 %2 %3 %4 %5 %6")
                       .arg(o.candidateId.value)
                       .arg(o.outcome, o.argmax, QString::number(o.pMatching.value_or(-1), 'g', 17),
                            QString::number(o.labelMass.value_or(-1), 'g', 17), o.labels);
        }
        out.sort();
        return out;
    }
    qint64 count(const QString &sql)
    {
        return must(store.ask([sql](Connection &c) { return c.value(sql); })).toLongLong();
    }
};

} // namespace evalwright::test
