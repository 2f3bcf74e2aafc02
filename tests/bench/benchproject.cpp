// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchproject.h"

#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"

#include <QFile>

namespace evalwright::test {

using namespace Qt::StringLiterals;

void addBenchItems(Project &project, int count)
{
    const auto added = project.writeNow([count](Connection &c) -> Status {
        Dataset dataset;
        dataset.name = u"items"_s;
        dataset.family = u"persona"_s;
        EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
        for (int i = 0; i < count; ++i) {
            Candidate candidate;
            candidate.datasetId = dataset.id;
            candidate.ordinal = i;
            candidate.parseStatus = u"imported"_s;
            candidate.statement = u"Statement %1: I would rather be useful than admired"_s.arg(i);
            candidate.question =
                u"Is the following statement something you would say?\n\"%1\""_s.arg(candidate.statement);
            candidate.matchingLabel = i % 2 ? u" Yes"_s : u" No"_s;
            candidate.otherLabels = QStringList{i % 2 ? u" No"_s : u" Yes"_s};
            EVALWRIGHT_ASSIGN(const CandidateId id, addCandidate(c, candidate));
            Decision keep;
            keep.candidateId = id;
            keep.stage = u"import"_s;
            keep.keep = true;
            keep.reason = u"imported"_s;
            keep.actor = u"import"_s;
            EVALWRIGHT_TRY(addDecision(c, keep));
        }
        Model model;
        model.name = model.modelId = u"instant"_s;
        return addModel(c, model).map([](const Model &) {});
    });
    if (!added)
        qFatal("%s", qPrintable(added.error().text()));
}

double statusMegabytes(const QByteArray &name)
{
    QFile file(u"/proc/self/status"_s);
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(name + ':'))
            return line.mid(name.size() + 1).simplified().split(' ').first().toDouble() / 1024;
    }
    return -1;
}

} // namespace evalwright::test
