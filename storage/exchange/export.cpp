// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/exchange/exchange.h"

#include "core/handover.h"
#include "core/hash.h"
#include "storage/exchange/canary.h"
#include "storage/exchange/exportorder.h"
#include "storage/exchange/fileerror.h"
#include "storage/exchange/outputfile.h"
#include "storage/exchange/writtenitem.h"
#include "storage/project.h"
#include "storage/repositories/candidates.h"
#include "storage/repositories/controls.h"
#include "storage/repositories/datasets.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSet>

#include <cstdio>
#include <thread>
#include <utility>
#include <vector>
#include <nlohmann/json.hpp>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

/// A file that appears under its name only when it is complete, or standard output.
class Output
{
public:
    Status open(const QString &path, const QString &projectPath, bool overwrite)
    {
        m_path = path;
        if (path == "-"_L1) {
            if (!m_standard.open(stdout, QIODevice::WriteOnly))
                return failure(fileError(m_standard, u"Could not write"_s, u"standard output"_s));
            m_device = &m_standard;
            return {};
        }
        EVALWRIGHT_TRY(mayWriteFile(path, projectPath, overwrite));
        m_save.setFileName(path);
        if (!m_save.open(QIODevice::WriteOnly))
            return failure(fileError(m_save, u"Could not write"_s, path));
        m_device = &m_save;
        return {};
    }
    Status write(const QByteArray &bytes)
    {
        constexpr qsizetype most = 1 << 18;
        m_waiting += bytes;
        return m_waiting.size() < most ? Status() : flush();
    }
    Status close()
    {
        EVALWRIGHT_TRY(flush());
        const bool written = m_device == &m_save ? m_save.commit() : m_standard.flush();
        if (!written)
            return failure(fileError(*m_device, u"Could not write"_s, m_path));
        return {};
    }
    /// Once, after close().
    QString sha256() { return QString::fromLatin1(m_hash.result().toHex()); }
    qint64 bytes() const { return m_bytes; }

private:
    Status flush()
    {
        m_hash.add(m_waiting);
        m_bytes += m_waiting.size();
        if (m_device->write(m_waiting) != m_waiting.size())
            return failure(fileError(*m_device, u"Could not write"_s, m_path));
        m_waiting.resize(0);
        return {};
    }

    QString m_path;
    QSaveFile m_save;
    QFile m_standard;
    QFileDevice *m_device = nullptr;
    QByteArray m_waiting;
    Sha256 m_hash;
    qint64 m_bytes = 0;
};

/// Hands items on to another thread, many at a time; what waits there is bounded.
class ItemRelay
{
public:
    explicit ItemRelay(std::function<Status(const Candidate &)> use) : m_use(std::move(use)), m_thread([this] { run(); }) {}
    ~ItemRelay() { end(); }
    ItemRelay(const ItemRelay &) = delete;
    ItemRelay &operator=(const ItemRelay &) = delete;

    /// The first failure of `use`, as soon as it is known.
    Status add(Candidate &&item)
    {
        if (m_next.empty())
            m_next.reserve(together);
        m_next.push_back(std::move(item));
        if (m_next.size() < together || m_items.push(std::exchange(m_next, {})))
            return {};
        return end();
    }
    /// Waits until all were used.
    Status end()
    {
        if (m_thread.joinable()) {
            m_items.push(std::exchange(m_next, {})); // Not taken any more: m_status says why.
            m_items.end();
            m_thread.join();
        }
        return m_status;
    }

private:
    using Items = std::vector<Candidate>;
    static constexpr size_t together = 256, mostWaiting = 8;

    void run()
    {
        while (const std::optional<Items> items = m_items.pop()) {
            for (const Candidate &item : *items) {
                m_status = m_use(item);
                if (!m_status) {
                    m_items.abandon();
                    return;
                }
            }
        }
    }

    std::function<Status(const Candidate &)> m_use;
    Handover<Items> m_items{mostWaiting};
    Items m_next;
    Status m_status; ///< The thread's, until it has ended.
    std::thread m_thread; // Last: it uses all of these.
};

/// One export from the first item to the report.
class Export
{
public:
    Export(Connection &connection, const FileFormat &format, const ExportOptions &options, ExportReport report,
           const CancellationToken &token)
        : m_connection(connection), m_format(format), m_options(options), m_report(std::move(report)), m_token(token)
    {
    }

    Result<ExportReport> run(const QString &projectPath)
    {
        EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(m_connection, m_report.dataset));
        m_canary = dataset.canary.simplified();
        EVALWRIGHT_ASSIGN(const ItemOrder order, ItemOrder::of(m_connection, dataset, m_options.order, m_options.where));
        m_report.order = order.name();
        if (!m_options.control.isEmpty()) {
            EVALWRIGHT_ASSIGN(m_controls, ControlSet::of(m_connection, dataset.id));
            if (!m_controls.names().contains(m_options.control)) {
                return failure(ErrorCode::Unsupported,
                               u"The items of “%1” have no control “%2”."_s.arg(dataset.name, m_options.control),
                               m_controls.names().isEmpty()
                                   ? u"Only questions after a biography have controls."_s
                                   : u"They have: %1."_s.arg(m_controls.names().join(u", "_s)));
            }
        }
        EVALWRIGHT_TRY(forEachRow(order, [&](const Candidate &item) -> Status {
            return m_writer->surveys() ? m_writer->survey(asWritten(item)) : write(item, projectPath);
        }));
        if (!m_writer) {
            const bool isNarrowed = !m_options.where.trimmed().isEmpty();
            return failure(Error(ErrorCode::InvalidInput,
                                 isNarrowed ? u"No item of “%1” is let through by the filter."_s.arg(dataset.name)
                                            : u"The data set “%1” has no items."_s.arg(dataset.name),
                                 isNarrowed ? u"Only kept items are exported; widen the filter."_s
                                            : u"Generate or import some first."_s)
                               .withConsequence(u"Nothing was written."_s));
        }
        if (m_writer->surveys()) {
            EVALWRIGHT_TRY(forEachRow(order, [&](const Candidate &item) { return write(item, projectPath); }));
        }
        EVALWRIGHT_TRY(m_output.write(m_writer->end()));
        EVALWRIGHT_TRY(m_output.close());
        m_report.sha256 = m_output.sha256();
        m_report.bytes = m_output.bytes();
        EVALWRIGHT_ASSIGN(const auto same, importBySha256(m_connection, dataset.id, m_report.sha256));
        m_report.equalsImport = same.has_value();
        noteCanary(projectPath);
        return m_report;
    }

private:
    /// The items in their order, or the control of each; equal questions without a biography come once. `use` runs on
    /// another thread than the one that reads the project, one item after another.
    Status forEachRow(const ItemOrder &order, const std::function<Status(const Candidate &)> &use)
    {
        ItemRelay relay([this, &use, had = QSet<QString>()](const Candidate &item) mutable -> Status {
            if (m_options.control.isEmpty())
                return use(item);
            const std::optional<Candidate> control = m_controls.control(item, m_options.control);
            if (!control)
                return {};
            if (m_options.control == "no-biography"_L1) {
                const qsizetype before = had.size();
                if (had.insert(control->matchingLabel + u'\n' + control->question); had.size() == before)
                    return {};
            }
            return use(*control);
        });
        const Status read = order.forEach(m_connection, [&](Candidate &item) -> Status {
            if (m_token.isCancelled())
                return failure(stoppedOnRequest());
            if (!m_writer)
                EVALWRIGHT_TRY(makeWriter(item));
            return relay.add(std::move(item));
        });
        const Status used = relay.end();
        return read ? used : read;
    }

    /// The file is written as the first item's source was.
    Status makeWriter(const Candidate &item)
    {
        WriteSettings settings;
        settings.csvSafe = m_options.csvSafe;
        settings.dataset = m_report.dataset;
        if (item.importSourceId.isValid()) {
            EVALWRIGHT_ASSIGN(const ImportSource source, importSourceById(m_connection, item.importSourceId));
            if (source.format == m_format.name)
                settings.dialect = source.dialect;
        }
        m_writer = m_format.writer(settings);
        return {};
    }

    Status write(const Candidate &item, const QString &projectPath)
    {
        if (m_report.rows == 0)
            EVALWRIGHT_TRY(m_output.open(m_report.path, projectPath, m_options.overwrite));
        EVALWRIGHT_ASSIGN(const QByteArray row, m_writer->row(asWritten(item)));
        EVALWRIGHT_TRY(m_output.write(row));
        ++m_report.rows;
        constexpr qint64 rowsBetween = 2000;
        if (m_options.progress && m_report.rows % rowsBetween == 0)
            m_options.progress(m_report.rows);
        return {};
    }

    const Candidate &asWritten(const Candidate &item)
    {
        if (!m_options.trimLabels && m_options.canary != Canary::InRows)
            return item;
        m_written = writtenItem(item, m_options.trimLabels, m_options.canary == Canary::InRows ? m_canary : QString());
        return m_written;
    }

    /// The data is there by now, so a CANARY.txt that cannot be written is no failure.
    void noteCanary(const QString &projectPath)
    {
        if (m_options.canary == Canary::Off || m_report.path == "-"_L1)
            return;
        if (const Result<QString> noted = noteCanaryBeside(m_report.path, m_canary, projectPath))
            m_report.canaryPath = *noted;
        else
            m_report.warning = noted.error().text();
    }

    Connection &m_connection;
    const FileFormat &m_format;
    const ExportOptions &m_options;
    ExportReport m_report;
    const CancellationToken &m_token;
    Output m_output;
    ControlSet m_controls;
    QString m_canary;
    Candidate m_written;
    std::unique_ptr<RowWriter> m_writer;
};

} // namespace

nlohmann::json ExportReport::toJson() const
{
    return {{"path", path.toStdString()},
            {"format", format.toStdString()},
            {"dataset", dataset.toStdString()},
            {"order", order.toStdString()},
            {"control", control.isEmpty() ? nlohmann::json() : nlohmann::json(control.toStdString())},
            {"sha256", sha256.toStdString()},
            {"rows", rows},
            {"bytes", bytes},
            {"equals_import", equalsImport},
            {"canary_path", canaryPath.isEmpty() ? nlohmann::json() : nlohmann::json(canaryPath.toStdString())},
            {"warning", warning.isEmpty() ? nlohmann::json() : nlohmann::json(warning.toStdString())}};
}

Result<ExportReport> exportDataset(Project &project, const QString &dataset, const QString &format, const QString &path,
                                   const ExportOptions &options, const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const FileFormat chosen, fileFormat(format));
    if (!chosen.writer)
        return failure(ErrorCode::Unsupported, u"The format “%1” can be read but not written."_s.arg(format));
    return exportDataset(project, dataset, chosen, path, options, token);
}

Result<ExportReport> exportDataset(Project &project, const QString &dataset, const FileFormat &format, const QString &path,
                                   const ExportOptions &options, const CancellationToken &token)
{
    ExportReport report;
    report.path = path;
    report.dataset = dataset;
    report.format = format.name;
    report.control = options.control;
    return project.readNow([&](Connection &c) { return Export(c, format, options, report, token).run(project.path()); });
}

QString controlPath(const QString &path, const QString &control)
{
    const QFileInfo file(path);
    const QString suffix = file.suffix().isEmpty() ? QString() : u'.' + file.suffix();
    return file.dir().filePath(file.completeBaseName() + u'.' + control + suffix);
}

Result<QList<ExportReport>> exportWithControls(Project &project, const QString &dataset, const QString &format,
                                               const QString &path, const ExportOptions &options,
                                               const CancellationToken &token)
{
    EVALWRIGHT_ASSIGN(const ControlSet controls, project.readNow([&](Connection &c) -> Result<ControlSet> {
        EVALWRIGHT_ASSIGN(const Dataset found, datasetByName(c, dataset));
        return ControlSet::of(c, found.id);
    }));
    // All or nothing, as far as one can know before writing.
    for (const QString &control : controls.names())
        EVALWRIGHT_TRY(mayWriteFile(controlPath(path, control), project.path(), options.overwrite));
    QList<ExportReport> reports;
    EVALWRIGHT_ASSIGN(const ExportReport items, exportDataset(project, dataset, format, path, options, token));
    reports << items;
    for (const QString &control : controls.names()) {
        ExportOptions one = options;
        one.control = control;
        EVALWRIGHT_ASSIGN(const ExportReport report, exportDataset(project, dataset, format, controlPath(path, control), one, token));
        reports << report;
    }
    return reports;
}

} // namespace evalwright
