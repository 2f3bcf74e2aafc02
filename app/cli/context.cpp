// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include "core/foreignjson.h"
#include "core/text.h"

#include <QLocale>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <mutex>
#include <thread>
#include <unistd.h>

namespace evalwright::cli {

using namespace Qt::StringLiterals;

namespace {

bool write(std::FILE *stream, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    const bool whole = std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stream) ==
                       static_cast<size_t>(bytes.size());
    return std::fflush(stream) == 0 && whole;
}

/// A terminal obeys control characters; what a server, a model or a file says must not steer it.
QString harmless(QString text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool pair = text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const char32_t ch = pair ? QChar::surrogateToUcs4(text.at(i), text.at(i + 1)) : text.at(i).unicode();
        const QChar::Category category = QChar::category(ch);
        const bool control = category == QChar::Other_Control && ch != U'\n' && ch != U'\t';
        if (control || category == QChar::Other_Format || category == QChar::Separator_Line ||
            category == QChar::Separator_Paragraph) {
            text[i] = u' ';
            if (pair)
                text[i + 1] = u' ';
        }
        i += pair ? 1 : 0;
    }
    return text;
}

std::mutex &outputMutex()
{
    static std::mutex mutex;
    return mutex;
}

QString progressLine(const JobProgress &p, const QString &trouble)
{
    QString line = u"%1  %2/%3"_s.arg(p.stage).arg(p.done).arg(p.total);
    if (!p.message.isEmpty())
        return harmless(u"%1  %2"_s.arg(p.stage, p.message));
    if (p.perSecond > 0)
        line += u"  %1/s"_s.arg(p.perSecond, 0, 'f', 1);
    if (p.secondsLeft && p.done < p.total)
        line += u"  %1 left"_s.arg(formatDuration(*p.secondsLeft));
    line += u"  "_s + counted(p.failed, u"error"_s);
    if (p.fromCache > 0)
        line += u"  %1 known"_s.arg(p.fromCache);
    if (p.spent || p.cost)
        line += u"  spent %1"_s.arg(p.spent.value_or(p.cost.value_or(0)), 0, 'f', 4);
    if (p.spent && p.budget)
        line += u" of %1"_s.arg(*p.budget);
    if (!trouble.isEmpty())
        line += u"  "_s + trouble;
    return harmless(line);
}

} // namespace

QString Table::text() const
{
    QList<qsizetype> widths;
    for (qsizetype column = 0; column < header.size(); ++column) {
        qsizetype width = header[column].size();
        for (const QStringList &row : rows)
            width = std::max(width, row.value(column).size());
        widths << width;
    }
    const auto line = [&](const QStringList &cells) {
        QString out;
        for (qsizetype column = 0; column < header.size(); ++column) {
            const QString cell = cells.value(column);
            const bool last = column + 1 == header.size();
            if (rightAligned.contains(static_cast<int>(column)))
                out += cell.rightJustified(widths[column]);
            else
                out += last ? cell : cell.leftJustified(widths[column]);
            if (!last)
                out += u"  "_s;
        }
        while (out.endsWith(u' '))
            out.chop(1);
        return out + u'\n';
    };
    QString out = line(header);
    for (const QStringList &row : rows)
        out += line(row);
    return out;
}

Result<std::shared_ptr<Project>> Context::openProject(Project::Access access)
{
    if (projectPath.empty()) {
        return failure(ErrorCode::InvalidInput, u"No project was named."_s,
                       u"Give it with -p FILE or in the environment variable EVALWRIGHT_PROJECT."_s);
    }
    // A command of several parts opens it once: a second writer, even this process, would find it locked.
    if (!m_project || m_project->access() != access) {
        EVALWRIGHT_ASSIGN(m_project, Project::open(cli::text(projectPath), access));
    }
    return m_project;
}

LocalEngine *Context::engine()
{
    if (!m_engine) {
        if (auto settings = LocalEngineSettings::standard())
            m_engine = std::make_unique<LocalEngine>(std::move(*settings));
    }
    return m_engine.get();
}

TransportSettings Context::networkSettings() const
{
    return TransportSettings{text(proxy), {}, text(caFile)}.withEnvironment();
}

HttpTransport *Context::transport()
{
    if (!m_transport)
        m_transport = std::make_unique<WatchedTransport>(networkSettings());
    return m_transport.get();
}

ModelAccess *Context::access()
{
    if (!m_access)
        m_access = std::make_unique<StandardAccess>(engine(), &m_secrets);
    return m_access.get();
}

Result<JobServices> Context::services()
{
    JobServices services;
    EVALWRIGHT_ASSIGN(services.project, openProject(Project::Access::ReadWrite));
    services.transport = transport();
    services.models = access();
    return services;
}

void Context::print(const nlohmann::json &object, const QString &human) const
{
    const std::lock_guard lock(outputMutex());
    const QString text =
        json ? QString::fromStdString(object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace))
             : harmless(human);
    if (!write(stdout, text.endsWith(u'\n') || text.isEmpty() ? text : text + u'\n'))
        m_outputFailed = true;
}

void Context::printDocument(const nlohmann::json &document) const
{
    const QString text = QString::fromStdString(document.dump(2));
    print(document, harmless(text) == text ? text : QString::fromStdString(document.dump(2, ' ', true)));
}

void Context::say(const QString &message) const
{
    if (quiet)
        return;
    const std::lock_guard lock(outputMutex());
    write(stderr, harmless(message) + u'\n');
}

int exitFor(const Error &error)
{
    switch (error.code) {
    case ErrorCode::Cancelled:
        return Interrupted;
    case ErrorCode::BudgetReached:
        return Budget;
    default:
        return Failed;
    }
}

Result<int> Context::wrongUse(const Error &error) const
{
    fail(error);
    return Usage;
}

int Context::fail(const Error &error) const
{
    // Who pressed Ctrl-C made no error.
    QString out = error.code == ErrorCode::Cancelled ? error.message : u"error: "_s + error.message;
    for (const QString &part : {error.consequence, error.advice}) {
        if (!part.isEmpty())
            out += u"\n       "_s + part;
    }
    if (!error.suggestions.isEmpty())
        out += u"\n       Nearest names: %1"_s.arg(error.suggestions.join(u", "_s));
    if (verbose && !error.detail.isEmpty())
        out += u"\n       Details: "_s + error.detail;
    const std::lock_guard lock(outputMutex());
    write(stderr, harmless(out) + u'\n');
    if (json) {
        nlohmann::json object{{"error",
                               {{"code", errorCodeName(error.code).toStdString()},
                                {"message", error.message.toStdString()},
                                {"consequence", orNull(error.consequence)},
                                {"advice", orNull(error.advice)},
                                {"detail", orNull(error.detail)},
                                {"suggestions", toJson(error.suggestions)}}}};
        if (error.code == ErrorCode::BudgetReached) {
            const auto budget = storedJson(error.detail);
            if (budget.is_object())
                object["error"]["budget"] = budget; // limit and spent
        }
        write(stdout,
              QString::fromStdString(object.dump(2, ' ', false, nlohmann::json::error_handler_t::replace)) + u'\n');
    }
    return exitFor(error);
}

std::function<void(qint64 done, qint64 total)> Context::counter()
{
    return [tell = progress()](qint64 done, qint64 total) {
        if (!tell)
            return; // --quiet
        JobProgress p;
        p.done = done;
        p.total = total;
        tell(p);
    };
}

ProgressFunction Context::progress()
{
    if (quiet)
        return {};
    const bool terminal = isatty(STDERR_FILENO) != 0;
    struct Shown
    {
        std::chrono::steady_clock::time_point at;
        QString stage, message;
        qint64 done = -1, total = -1, failed = 0;
    };
    auto last = std::make_shared<Shown>();
    return [this, terminal, last](const JobProgress &p) {
        const auto now = std::chrono::steady_clock::now();
        const bool first = last->at.time_since_epoch().count() == 0;
        const bool final = p.total > 0 && p.done >= p.total;
        const bool news = p.stage != last->stage || p.done != last->done || p.total != last->total ||
                          p.failed != last->failed || p.message != last->message;
        const bool saysMore = !p.message.isEmpty() && p.message != last->message;
        const bool soon = now - last->at < std::chrono::seconds(3);
        // A runner reports its end in any case, also right after it reported the last answer.
        if (!terminal && !first && (final ? !news : (!saysMore && soon)))
            return;
        *last = Shown{now, p.stage, p.message, p.done, p.total, p.failed};
        const QString line = progressLine(p, m_transport ? m_transport->trouble() : QString());
        const std::lock_guard lock(outputMutex());
        if (terminal) {
            write(stderr, u"\r\x1b[K"_s + line);
            m_lineOpen = true;
        } else {
            write(stderr, line + u'\n');
        }
    };
}

void Context::endProgress()
{
    if (m_lineOpen)
        write(stderr, u"\n"_s);
    m_lineOpen = false;
}

void Context::watchSignals()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN); // A file-size limit then shows as an error of the write.
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    // The thread outlives this object: it has a token of its own.
    std::thread([token = m_token, set] {
        for (int count = 1;; ++count) {
            int signal = 0;
            sigwait(&set, &signal);
            if (count > 1)
                _exit(Interrupted);
            write(stderr, u"\nStopping; what is finished is kept. Press Ctrl-C again to stop at once.\n"_s);
            token.cancel();
        }
    }).detach();
}

void WatchedTransport::send(HttpRequest request, const CancellationToken &token,
                            std::function<void(Result<HttpResponse>)> done)
{
    m_inner.send(std::move(request), token, [this, done = std::move(done)](Result<HttpResponse> result) {
        const bool cancelled = !result && result.error().code == ErrorCode::Cancelled;
        if (!cancelled) {
            const std::lock_guard lock(m_mutex);
            if (result && result->status < 400) {
                m_failed = 0;
                m_latest.clear();
            } else {
                ++m_failed;
                m_latest = result ? u"HTTP %1"_s.arg(result->status) : result.error().message;
            }
        }
        done(std::move(result));
    });
}

QString WatchedTransport::trouble() const
{
    const std::lock_guard lock(m_mutex);
    if (m_failed == 0)
        return {};
    return u"%1 failed, the latest: %2"_s.arg(counted(m_failed, u"try"_s, u"tries"_s), m_latest);
}

QString counted(qint64 count, const QString &one, const QString &many)
{
    return u"%1 %2"_s.arg(count).arg(count == 1 ? one : many.isEmpty() ? one + u's' : many);
}

CLI::Validator wholeNumber(qint64 least, qint64 most)
{
    const QLocale english(QLocale::English);
    const std::string wanted =
        u"must be a whole number from %1 to %2"_s.arg(english.toString(least), english.toString(most)).toStdString();
    return {[=](std::string &given) {
                bool whole = false;
                const qint64 value = QString::fromStdString(given).toLongLong(&whole);
                return whole && value >= least && value <= most ? std::string() : wanted + ", not " + given;
            },
            std::string()};
}

CLI::Validator money()
{
    return {[](std::string &given) {
                bool number = false;
                const double value = QString::fromStdString(given).toDouble(&number);
                return number && std::isfinite(value) && value >= 0 ? std::string()
                                                                    : "must be a sum of money, 0 or more, not " + given;
            },
            std::string()};
}

CLI::Validator oneOf(const QString &kind, const QStringList &names)
{
    return {[=](std::string &given) {
                const QString name = QString::fromStdString(given);
                return names.contains(name)
                           ? std::string()
                           : u"there is no %1 “%2”; known: %3"_s.arg(kind, name, names.join(u", "_s)).toStdString();
            },
            std::string()};
}

QStringList texts(const std::vector<std::string> &values)
{
    QStringList out;
    for (const std::string &value : values)
        out << cli::text(value);
    return out;
}

nlohmann::json toJson(const QStringList &values)
{
    nlohmann::json list = nlohmann::json::array();
    for (const QString &value : values)
        list.push_back(value.toStdString());
    return list;
}

} // namespace evalwright::cli
