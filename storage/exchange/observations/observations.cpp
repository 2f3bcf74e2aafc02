// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/observations/observations.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "core/jsontexts.h"
#include "core/text.h"
#include "storage/project.h"
#include "storage/repositories/answerpacks.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/jobs.h"
#include "storage/repositories/models.h"
#include "storage/repositories/runs.h"

#include <QFileInfo>
#include <QHash>
#include <QMap>
#include <QSet>

#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

/// What the source says of an item; the id is the key.
struct KnownItem
{
    QString cluster, matchingLabel, question;
    QStringList otherLabels;
    std::optional<double> confidence;
    CandidateId candidate; ///< Once it is stored or found.
    QString statement;
    QString itemLabel;      ///< Of the item that the project has: what decides.
    QStringList itemOthers; ///< The labels beside it.
};

/// "(B)", " B" and "B." name the same option.
QString bareLabel(const QString &label)
{
    QString bare = label.trimmed();
    if (bare.startsWith(u'('))
        bare.remove(0, 1);
    while (bare.endsWith(u')') || bare.endsWith(u'.'))
        bare.chop(1);
    return bare;
}

/// Whether an answer that is a label matches the item of the project; unset where the item does not know the label.
std::optional<bool> matchesItem(const ObservationRecord &record, const KnownItem &item)
{
    if (!record.answerIsLabel || item.itemLabel.isEmpty())
        return std::nullopt;
    const QString answer = bareLabel(record.answer);
    if (answer == bareLabel(item.itemLabel))
        return true;
    const bool known = std::ranges::any_of(item.itemOthers, [&](const QString &other) { return bareLabel(other) == answer; });
    return known ? std::optional(false) : std::nullopt;
}

struct KnownDataset
{
    QHash<QString, qsizetype> places;
    QStringList ids; ///< In order of appearance.
    std::vector<KnownItem> items;
};

/// One import from the first reading to the report.
class ObservationImport
{
public:
    ObservationImport(Project &project, const QString &path, ObservationSource &source,
                      const ObservationImportOptions &options, const CancellationToken &token,
                      const ExchangeProgress &progress)
        : m_project(project), m_source(source), m_options(options), m_token(token), m_progress(progress)
    {
        m_report.file.path = path;
    }

    Result<ObservationImportReport> run()
    {
        EVALWRIGHT_TRY(survey());
        ImportReport &file = m_report.file;
        if (file.bad > 0 && (!m_options.skipBad || file.bad >= file.rows))
            return m_report;
        const auto stored = m_project.writeNow([this](Connection &c) { return store(c); },
                                               {Topic::Datasets, Topic::Candidates, Topic::Models, Topic::Runs, Topic::Jobs});
        if (!stored)
            return failure(stored.error());
        return m_report;
    }

private:
    void reject(const RowProblem &problem)
    {
        ++m_report.file.bad;
        if (m_report.file.rejected.size() < ImportReport::mostListed)
            m_report.file.rejected << problem;
    }

    /// `row` of the first or second reading.
    void progress(qint64 row, int reading)
    {
        constexpr qint64 every = 4096;
        if (!m_progress || row % every != 0)
            return;
        const qint64 size = m_source.facts().bytes;
        m_progress(reading * size + m_source.position(), 2 * size);
    }

    QString datasetOf(const ObservationRecord &record) const
    {
        return m_options.dataset.isEmpty() ? record.dataset : m_options.dataset;
    }

    /// First reading: what there is, and what is wrong with it. Stores nothing.
    Status survey()
    {
        EVALWRIGHT_TRY(m_source.forEach(
            [this](ObservationRecord &&record) {
                progress(++m_report.file.rows, 0);
                if (!record.problem)
                    see(record);
                if (record.problem)
                    reject(*record.problem);
            },
            m_token));
        const ObservationFacts facts = m_source.facts();
        ImportReport &file = m_report.file;
        file.format = facts.format;
        file.sha256 = facts.sha256;
        file.bytes = facts.bytes;
        m_report.notes = facts.notes;
        if (file.rows == 0) {
            reject(RowProblem{0, 0, u"empty-file"_s, u"There is no row in the file."_s, {}, {}});
            return {};
        }
        m_report.datasets = m_datasets.keys();
        file.dataset = m_report.datasets.value(0);
        return {};
    }

    /// Takes note of an item and a model; contradictions become the record's problem.
    void see(ObservationRecord &record)
    {
        KnownDataset &dataset = m_datasets[datasetOf(record)];
        const auto found = dataset.places.constFind(record.item);
        if (found == dataset.places.constEnd()) {
            dataset.places.insert(record.item, dataset.ids.size());
            dataset.ids << record.item;
            dataset.items.push_back({record.cluster, record.matchingLabel, record.question, record.otherLabels,
                                     record.labelConfidence, {}, record.statement, {}, {}});
        } else {
            KnownItem &item = dataset.items[static_cast<size_t>(*found)];
            const auto differs = [&](const QString &field, const QString &before, const QString &now) {
                if (!now.isEmpty() && !before.isEmpty() && before != now && !record.problem) {
                    record.problem = RowProblem{record.line,
                                                0,
                                                u"content-changed"_s,
                                                u"The item “%1” has %2 “%3” here and “%4” in an earlier row."_s.arg(
                                                    singleLineExcerpt(record.item), field, singleLineExcerpt(now),
                                                    singleLineExcerpt(before)),
                                                field,
                                                {}};
                }
            };
            differs(u"cluster"_s, item.cluster, record.cluster);
            differs(u"matching"_s, item.matchingLabel.trimmed(), record.matchingLabel.trimmed());
            if (item.cluster.isEmpty())
                item.cluster = record.cluster;
            if (item.matchingLabel.isEmpty())
                item.matchingLabel = record.matchingLabel;
        }
        if (!record.problem && !m_models.contains(record.model))
            m_models << record.model;
    }

    static QString singleLineExcerpt(const QString &text) { return text.simplified().left(60); }

    /// "name", but "name, step 100" where the source has several models of that name.
    QString nameOf(const ObservedModel &model) const
    {
        const auto sameName = [&](auto differs) {
            return std::ranges::any_of(m_models,
                                       [&](const ObservedModel &o) { return o.name == model.name && differs(o); });
        };
        QString name = model.name;
        if (sameName([&](const ObservedModel &o) { return o.family != model.family; }) && !model.family.isEmpty())
            name += u", "_s + model.family;
        if (sameName([&](const ObservedModel &o) { return o.parameters != model.parameters; }))
            name += u", "_s + formatParameters(model.parameters);
        if (sameName([&](const ObservedModel &o) { return o.training != model.training; }) && !model.training.isEmpty())
            name += u", "_s + model.training;
        if (sameName([&](const ObservedModel &o) { return o.steps != model.steps; }))
            name += model.steps ? u", step %1"_s.arg(*model.steps) : u", steps unknown"_s;
        return name;
    }

    Result<ModelId> modelFor(Connection &c, const ObservedModel &observed)
    {
        const QString name = nameOf(observed);
        m_report.models << name;
        const auto known = modelByName(c, name);
        if (!known && known.error().code != ErrorCode::NotFound)
            return failure(known.error());
        if (known) {
            const auto differs = [](const auto &a, const auto &b) { return a && b && *a != *b; };
            const auto other = [](const QString &a, const QString &b) { return !a.isEmpty() && !b.isEmpty() && a != b; };
            if (other(known->family, observed.family) || other(known->training, observed.training) ||
                differs(known->parameters, observed.parameters) || differs(known->steps, observed.steps)) {
                return failure(
                    Error(ErrorCode::InvalidInput,
                          u"The project has a model “%1” with another family, size, training or number of steps."_s.arg(name),
                          u"Give the model another name in the file, or correct it there."_s)
                        .withConsequence(u"Nothing was imported."_s));
            }
            return known->id;
        }
        Model model;
        model.name = name;
        model.kind = ModelKind::Results;
        model.modelId = observed.name;
        model.family = observed.family;
        model.training = observed.training;
        model.parameters = observed.parameters;
        model.compute = observed.compute;
        model.released = observed.released;
        model.steps = observed.steps;
        EVALWRIGHT_ASSIGN(const Model added, addModel(c, model));
        m_report.newModels << name;
        return added.id;
    }

    /// What an item of the project is known by besides its names.
    static QByteArray textHash(const QString &text) { return sha256(text.trimmed().toUtf8()); }

    /// Items of a data set that the project has: by uuid, else by statement, else by question; and where the source's
    /// names are its own, by the hash of what was asked.
    Status findItems(Connection &c, const Dataset &dataset, KnownDataset &known)
    {
        const bool observed = dataset.family == "observed"_L1;
        const auto found = [](const Statement::Row &row, KnownItem &item) {
            item.candidate = CandidateId{row.integer(0)};
            item.itemLabel = row.text(4);
            for (const json &other : storedJson(row.text(5))) {
                if (other.is_string())
                    item.itemOthers << QString::fromStdString(other.get_ref<const std::string &>());
            }
        };
        const QString items = u"SELECT id, uuid, statement, question, matching_label, other_labels FROM candidate "
                              u"WHERE dataset_id = ? ORDER BY id"_s;
        QSet<qint64> taken;
        EVALWRIGHT_TRY(c.forEachRow(items, {dataset.id.value}, [&](const Statement::Row &row) {
            for (const int column : {1, 2, 3}) {
                if (observed && column == 1)
                    continue; // The names of its items are the ones the file gave.
                const auto place = known.places.constFind(row.text(column));
                if (place == known.places.constEnd())
                    continue;
                KnownItem &item = known.items[static_cast<size_t>(*place)];
                if (!item.candidate.isValid()) {
                    found(row, item);
                    taken.insert(row.integer(0));
                }
                return;
            }
        }));
        if (observed)
            return {};
        constexpr qsizetype several = -1; // Items of the source that ask the same cannot be told apart.
        QHash<QByteArray, qsizetype> texts;
        for (size_t i = 0; i < known.items.size(); ++i) {
            const KnownItem &item = known.items[i];
            if (item.candidate.isValid())
                continue;
            for (const QString &text : {item.statement, item.question}) {
                if (text.isEmpty())
                    continue;
                const auto place = static_cast<qsizetype>(i);
                const auto there = texts.find(textHash(text));
                if (there == texts.end())
                    texts.insert(textHash(text), place);
                else if (*there != place)
                    *there = several;
            }
        }
        if (texts.isEmpty())
            return {};
        return c.forEachRow(items, {dataset.id.value}, [&](const Statement::Row &row) {
            if (taken.contains(row.integer(0)))
                return;
            for (const int column : {2, 3}) {
                const qsizetype place = texts.value(textHash(row.text(column)), several);
                if (place == several)
                    continue;
                KnownItem &item = known.items[static_cast<size_t>(place)];
                if (!item.candidate.isValid())
                    found(row, item);
                return;
            }
        });
    }

    /// The data set with all items that the file has answers to.
    Status datasetFor(Connection &c, const QString &name, KnownDataset &known)
    {
        Dataset dataset;
        const auto found = datasetByName(c, name);
        if (!found && found.error().code != ErrorCode::NotFound)
            return failure(found.error());
        if (found) {
            dataset = *found;
            EVALWRIGHT_TRY(findItems(c, dataset, known));
        } else {
            Behaviour behaviour;
            behaviour.name = name;
            EVALWRIGHT_ASSIGN(behaviour, ensureBehaviour(c, behaviour));
            dataset.name = name;
            dataset.family = u"observed"_s;
            dataset.behaviourId = behaviour.id;
            EVALWRIGHT_ASSIGN(dataset, createDataset(c, dataset));
            m_report.newDatasets << name;
        }
        ImportSource source;
        source.fileName = QFileInfo(m_report.file.path).fileName();
        source.bytes = m_report.file.bytes;
        source.sha256 = m_report.file.sha256;
        source.format = m_report.file.format;
        source.datasetId = dataset.id;
        EVALWRIGHT_ASSIGN(source, addImportSource(c, source));
        EVALWRIGHT_ASSIGN(qint64 ordinal, lastOrdinal(c, dataset.id));
        const QString now = isoNow();
        for (qsizetype i = 0; i < known.ids.size(); ++i) {
            KnownItem &item = known.items[static_cast<size_t>(i)];
            if (item.candidate.isValid())
                continue;
            if (dataset.family != "observed"_L1) {
                return failure(
                    Error(ErrorCode::InvalidInput,
                          u"The data set “%1” has no item “%2”."_s.arg(name, singleLineExcerpt(known.ids[i])),
                          u"Name items by their uuid, statement or question, or give the results a data set of their own "
                          u"with --dataset."_s)
                        .withConsequence(u"Nothing was imported."_s));
            }
            Candidate candidate;
            candidate.datasetId = dataset.id;
            candidate.ordinal = ++ordinal;
            candidate.parseStatus = u"imported"_s;
            candidate.importSourceId = source.id;
            candidate.statement = known.ids[i];
            candidate.question = item.question;
            candidate.matchingLabel = item.matchingLabel;
            candidate.otherLabels = item.otherLabels;
            candidate.labelConfidence = item.confidence;
            candidate.cluster = item.cluster;
            candidate.createdAt = now;
            EVALWRIGHT_ASSIGN(item.candidate, addImportedItem(c, candidate));
        }
        return {};
    }

    Result<Run> makeRun(Connection &c, const QString &hash)
    {
        Job job;
        job.kind = u"import-results"_s;
        job.title = u"Results from %1"_s.arg(QFileInfo(m_report.file.path).fileName());
        job.parameters = QString::fromUtf8(canonicalJson(json{{"file", QFileInfo(m_report.file.path).fileName().toStdString()},
                                                              {"format", m_report.file.format.toStdString()},
                                                              {"sha256", m_report.file.sha256.toStdString()}}));
        job.parametersHash = hash;
        EVALWRIGHT_ASSIGN(job, createJob(c, job));
        EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Running));
        EVALWRIGHT_TRY(setJobState(c, job.id, JobState::Done));
        EVALWRIGHT_ASSIGN(const QVariant runs, c.value(u"SELECT count(*) FROM run"_s));
        Run run;
        run.name = u"run-%1"_s.arg(runs.toLongLong() + 1);
        run.jobId = job.id;
        run.parameters = job.parameters;
        return createRun(c, run);
    }

    /// Second reading, inside one transaction.
    Result<bool> store(Connection &c)
    {
        const QString hash =
            sha256Hex(u"import-results:%1:%2"_s.arg(m_report.file.sha256, m_options.dataset).toUtf8());
        EVALWRIGHT_ASSIGN(const auto earlier, jobByParameters(c, hash));
        if (earlier) {
            m_report.file.duplicates = m_report.file.rows - m_report.file.bad;
            EVALWRIGHT_ASSIGN(const auto run, runByJob(c, earlier->id));
            if (run) {
                m_report.run = run->uuid;
                m_report.runName = run->name;
            }
            return false;
        }
        for (auto dataset = m_datasets.begin(); dataset != m_datasets.end(); ++dataset)
            EVALWRIGHT_TRY(datasetFor(c, dataset.key(), dataset.value()));
        std::vector<ModelId> models;
        for (const ObservedModel &model : std::as_const(m_models)) {
            EVALWRIGHT_ASSIGN(const ModelId id, modelFor(c, model));
            models.push_back(id);
        }
        EVALWRIGHT_ASSIGN(const Run run, makeRun(c, hash));
        m_report.run = run.uuid;
        m_report.runName = run.name;
        EVALWRIGHT_TRY(storeAnswers(c, run, models));
        EVALWRIGHT_TRY(packAnswers(c));
        const json detail{{"file", QFileInfo(m_report.file.path).fileName().toStdString()},
                          {"sha256", m_report.file.sha256.toStdString()},
                          {"answers", m_report.file.imported},
                          {"rejected", m_report.file.bad}};
        EVALWRIGHT_TRY(logEvent(c, u"import-results"_s, run.jobId, QString::fromStdString(detail.dump())));
        return true;
    }

    Status storeAnswers(Connection &c, const Run &run, const std::vector<ModelId> &models)
    {
        // How often an item was seen under one condition: answers that come again are repeats.
        QHash<QString, std::vector<quint16>> seen;
        const QString now = isoNow();
        const QString method = m_source.facts().method;
        Status problem;
        qint64 done = 0, again = 0;
        EVALWRIGHT_TRY(m_source.forEach(
            [&](ObservationRecord &&record) {
                progress(++done, 1);
                if (!problem || record.problem)
                    return;
                const QString name = datasetOf(record);
                KnownDataset &dataset = m_datasets[name];
                const qsizetype model = m_models.indexOf(record.model);
                const auto place = dataset.places.constFind(record.item);
                if (place == dataset.places.constEnd() || model < 0)
                    return; // Rejected by the survey for a contradiction.
                const KnownItem &item = dataset.items[static_cast<size_t>(*place)];
                if (const auto matches = matchesItem(record, item)) {
                    record.matches = matches;
                    // What the source says is probable may be the other label.
                    if (bareLabel(record.matchingLabel) != bareLabel(item.itemLabel))
                        record.probability.reset();
                }
                Observation o;
                o.repeat = record.repeat.value_or(0);
                if (!record.repeat) {
                    std::vector<quint16> &counts = seen[u"%1\n%2\n%3\n%4\n%5"_s.arg(name).arg(model).arg(
                        record.frame, record.control, record.order)];
                    counts.resize(dataset.items.size());
                    o.repeat = counts[static_cast<size_t>(*place)]++;
                    again += o.repeat > 0 ? 1 : 0;
                }
                o.runId = run.id;
                o.candidateId = item.candidate;
                o.modelId = models[static_cast<size_t>(model)];
                o.frame = record.frame;
                o.control = record.control;
                o.optionOrder = record.order;
                o.method = method;
                o.outcome = record.outcome;
                o.argmax = record.answer;
                o.matches = record.matches;
                o.pMatching = record.probability;
                o.labelMass = record.labelMass;
                o.labels = record.labels;
                o.createdAt = now;
                problem = addObservation(c, o);
                if (problem)
                    ++m_report.file.imported;
            },
            m_token));
        if (again > 0) {
            m_report.notes << u"%1 rows answer what an earlier row of the same model, item, frame and control answered; "
                              u"they are kept as repeats, and results are their mean."_s.arg(again);
        }
        if (m_source.facts().sha256 != m_report.file.sha256) {
            return failure(Error(ErrorCode::Storage, u"“%1” changed while it was being read."_s.arg(m_report.file.path),
                                 u"Import it again when nobody writes it."_s)
                               .withConsequence(u"Nothing was imported."_s));
        }
        return problem;
    }

    Project &m_project;
    ObservationSource &m_source;
    const ObservationImportOptions &m_options;
    const CancellationToken &m_token;
    const ExchangeProgress &m_progress;
    ObservationImportReport m_report;
    QMap<QString, KnownDataset> m_datasets;
    QList<ObservedModel> m_models;
};

} // namespace

json ObservationImportReport::toJson() const
{
    json out = file.toJson();
    out["run"] = run.isEmpty() ? json(nullptr) : json(run.toStdString());
    out["run_name"] = runName.isEmpty() ? json(nullptr) : json(runName.toStdString());
    out["datasets"] = textsToJson(datasets);
    out["models"] = textsToJson(models);
    out["new_datasets"] = textsToJson(newDatasets);
    out["new_models"] = textsToJson(newModels);
    out["notes"] = textsToJson(notes);
    return out;
}

Result<ObservationImportReport> importObservations(Project &project, const QString &path, ObservationSource &source,
                                                   const ObservationImportOptions &options,
                                                   const CancellationToken &token, const ExchangeProgress &progress)
{
    return ObservationImport(project, path, source, options, token, progress).run();
}

} // namespace evalwright
