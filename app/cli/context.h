// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "lm/curltransport.h"
#include "lm/engine/localengine.h"
#include "lm/requestrunner.h"
#include "lm/standardaccess.h"
#include "storage/project.h"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <functional>
#include <memory>
#include <mutex>

namespace evalwright::cli {

/// Exit status of the command line contract.
enum Exit { Done = 0, Failed = 1, Usage = 2, Partly = 3, Budget = 4, Interrupted = 130 };

/// A table for people: first row is the header; numbers are right-aligned by the caller's choice of columns.
struct Table
{
    QStringList header;
    QList<QStringList> rows;
    QList<int> rightAligned;
    QString text() const;
};

/// The network, with a count of the tries that failed: a job that only retries shows why nothing moves.
class WatchedTransport : public HttpTransport
{
public:
    explicit WatchedTransport(const TransportSettings &settings) : m_inner(settings) {}
    void send(HttpRequest request, const CancellationToken &token,
              std::function<void(Result<HttpResponse>)> done) override;
    /// "3 tries failed, the latest: …"; empty while everything works. Starts again with every answer.
    QString trouble() const;

private:
    mutable std::mutex m_mutex;
    qint64 m_failed = 0;
    QString m_latest;
    CurlTransport m_inner; ///< Last: its thread ends before the counts go.
};

/// What every command shares: global options, output, the project, the services of a job.
class Context
{
public:
    std::string projectPath;
    std::string proxy, caFile;
    bool json = false, quiet = false, verbose = false;
    bool acceptChangedServer = false; ///< Probe again, instead of stopping, when a server is not what its probe saw.

    using Command = std::function<Result<int>()>;
    /// What the chosen subcommand does; set while the arguments are parsed.
    Command command;

    Result<std::shared_ptr<Project>> openProject(Project::Access access);
    /// The project with everything a job needs. The engine and the network live as long as the context.
    Result<JobServices> services();
    LocalEngine *engine();
    /// As the options and the environment say; checked before any command runs.
    TransportSettings networkSettings() const;
    HttpTransport *transport();
    ModelAccess *access();

    /// Prints the result: the object in --json mode, else the text.
    void print(const nlohmann::json &object, const QString &text) const;
    /// Prints a document that people store in a file and use again: as it is, or with everything but ASCII as \uXXXX
    /// where the text could mislead a terminal.
    void printDocument(const nlohmann::json &document) const;
    /// To standard error, unless --quiet.
    void say(const QString &text) const;
    int fail(const Error &error) const;
    /// The same for a command that was typed wrongly: exit status 2.
    Result<int> wrongUse(const Error &error) const;
    /// True when a result could not be written to standard output, as on a full disk.
    bool outputFailed() const { return m_outputFailed; }

    const CancellationToken &token() const { return m_token; }
    /// A progress line on standard error: redrawn on a terminal, every few seconds otherwise.
    ProgressFunction progress();
    /// The same for work that only counts.
    std::function<void(qint64 done, qint64 total)> counter();
    void endProgress();

    /// Ctrl-C once cancels, twice ends the process. Call before any thread is started.
    void watchSignals();

private:
    CancellationToken m_token;
    std::unique_ptr<LocalEngine> m_engine;
    std::unique_ptr<WatchedTransport> m_transport;
    std::unique_ptr<StandardAccess> m_access;
    EnvironmentSecrets m_secrets;
    std::shared_ptr<Project> m_project;
    bool m_lineOpen = false;
    mutable bool m_outputFailed = false;
};

void addProjectCommands(CLI::App &app, Context &context);
void addEngineCommands(CLI::App &app, Context &context);
void addModelCommands(CLI::App &app, Context &context);
void addRecipeCommands(CLI::App &app, Context &context);
void addGenerateCommands(CLI::App &app, Context &context);
void addDatasetCommands(CLI::App &app, Context &context);
void addLintCommand(CLI::App &app, Context &context);
void addImportCommand(CLI::App &app, Context &context);
void addExportCommand(CLI::App &app, Context &context);
void addEvaluateCommands(CLI::App &app, Context &context);
void addJobCommands(CLI::App &app, Context &context);
void addCacheCommands(CLI::App &app, Context &context);
void addCheckerCommands(CLI::App &app, Context &context);
void addReviewCommands(CLI::App &app, Context &context);
void addDoctorCommand(CLI::App &app, Context &context);

inline QString text(const std::string &value)
{
    return QString::fromStdString(value);
}
inline nlohmann::json orNull(const QString &value)
{
    return value.isEmpty() ? nlohmann::json() : nlohmann::json(value.toStdString());
}
template <class T>
nlohmann::json orNull(const std::optional<T> &value)
{
    return value ? nlohmann::json(*value) : nlohmann::json();
}
QStringList texts(const std::vector<std::string> &values);
/// "1 item", "2 items", "2 families".
QString counted(qint64 count, const QString &one, const QString &many = {});

/// Checks of option values, in plain words. A whole number in a range, never clamped.
CLI::Validator wholeNumber(qint64 least, qint64 most);
/// A sum of money, 0 or more.
CLI::Validator money();
/// One of these names; `kind` is what they name, e.g. "frame".
CLI::Validator oneOf(const QString &kind, const QStringList &names);
constexpr qint64 mostSamples = 1'000'000;
constexpr qint64 mostItems = 1'000'000'000;
constexpr qint64 largestSeed = 9'007'199'254'740'992; ///< What JSON carries exactly.
nlohmann::json toJson(const QStringList &values);
/// Exit status for a job that ended with this error.
int exitFor(const Error &error);

/// Model, generation and evaluation as JSON, shared by several commands.
nlohmann::json toJson(const Model &model);

} // namespace evalwright::cli
