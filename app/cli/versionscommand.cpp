// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/projecttools.h"

#include "storage/tools/datasetversions.h"

namespace evalwright::cli {

using namespace Qt::StringLiterals;

namespace {

struct VersionsOptions
{
    std::string before, after, other;
    qint64 limit = 20;
};

QString line(const std::optional<VersionItem> &item)
{
    if (!item)
        return u"—"_s;
    const QString words = (item->statement.isEmpty() ? item->question : item->statement).simplified();
    return u"[%1] %2"_s.arg(item->matchingLabel.trimmed(), words);
}

QString versionsText(const VersionDifference &difference)
{
    static const QStringList titles{u"Added"_s, u"Removed"_s, u"Changed"_s, u"Relabelled"_s, u"Kept now"_s, u"Rejected now"_s};
    Table table{{u"items"_s, u"count"_s}, {}, {1}};
    table.rows << QStringList{difference.before, QString::number(difference.itemsBefore)}
               << QStringList{difference.after, QString::number(difference.itemsAfter)}
               << QStringList{u"Unchanged"_s, QString::number(difference.unchanged)};
    QString lists;
    for (int kind = 0; kind < VersionDifference::kinds; ++kind) {
        const auto place = static_cast<std::size_t>(kind);
        table.rows << QStringList{titles[kind], QString::number(difference.counts[place])};
        if (difference.entries[place].isEmpty())
            continue;
        lists += u"\n%1\n"_s.arg(titles[kind]);
        for (const VersionDifference::Entry &entry : difference.entries[place]) {
            if (entry.before && (kind == VersionDifference::KeptNow || kind == VersionDifference::RejectedNow))
                lists += u"    %1  (%2 → %3)\n"_s.arg(line(entry.after), entry.before->reason.isEmpty() ? u"undecided"_s : entry.before->reason,
                                                    entry.after->reason.isEmpty() ? u"undecided"_s : entry.after->reason);
            else if (entry.before && entry.after)
                lists += u"  - %1\n  + %2\n"_s.arg(line(entry.before), line(entry.after));
            else
                lists += (entry.after ? u"  + "_s : u"  - "_s) + line(entry.after ? entry.after : entry.before) + u'\n';
        }
        if (const qint64 more = difference.counts[place] - difference.entries[place].size(); more > 0)
            lists += u"  … and %1 more (--limit)\n"_s.arg(more);
    }
    return table.text() + (difference.isSame() ? u"The two have the same items.\n"_s : lists);
}

Result<int> compare(Context &context, const VersionsOptions &o)
{
    EVALWRIGHT_ASSIGN(const auto project, context.openProject(Project::Access::ReadOnly));
    std::shared_ptr<Project> other = project;
    if (!o.other.empty()) {
        EVALWRIGHT_ASSIGN(other, Project::open(text(o.other), Project::Access::ReadOnly));
    }
    VersionOptions options;
    options.entries = o.limit;
    const auto difference = compareVersions(*other, text(o.before), *project, text(o.after), options, context.token(), toolProgress(context));
    context.endProgress();
    if (!difference)
        return failure(difference.error());
    context.print(difference->toJson(), versionsText(*difference));
    return Done;
}

} // namespace

void addCompareVersionsCommand(CLI::App &dataset, Context &context)
{
    auto o = std::make_shared<VersionsOptions>();
    CLI::App *command = dataset.add_subcommand("compare", "Two versions of a data set, item by item: added, removed, changed, relabelled, decided "
                                                          "otherwise.\nExample: evalwright-cli -p study.evalwright dataset compare agreeableness "
                                                          "agreeableness --from last-week.evalwright");
    command->add_option("BEFORE", o->before, "The earlier version")->required();
    command->add_option("AFTER", o->after, "The later version, in this project")->required();
    command->add_option("--from", o->other, "The project that has the earlier version; this one when absent");
    command->add_option("--limit", o->limit, "So many items of each kind are listed; all are counted")
        ->check(wholeNumber(0, mostItems))
        ->capture_default_str();
    command->callback([&context, o] { context.command = [&context, o] { return compare(context, *o); }; });
}

} // namespace evalwright::cli
