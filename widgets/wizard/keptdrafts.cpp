// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/wizard/keptdrafts.h"

#include "core/clock.h"
#include "core/foreignjson.h"
#include "core/hash.h"
#include "lm/engine/datafolder.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QSaveFile>

#include <algorithm>

namespace evalwright {

using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

constexpr qint64 longestFile = qint64{32} << 20;

std::optional<KeptDraft> readDraft(const QString &path, const QString &id)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.size() > longestFile)
        return std::nullopt;
    const json document = storedJson(QString::fromUtf8(file.readAll()));
    if (!document.is_object() || document.value("format", json()) != json("evalwright-draft/1") ||
        !document.contains("spec") || !document.contains("step") || !document["step"].is_number_integer() ||
        !document.contains("saved_at") || !document["saved_at"].is_string())
        return std::nullopt;
    auto spec = GenerateSpec::fromJson(QByteArray::fromStdString(document["spec"].dump()));
    if (!spec)
        return std::nullopt;
    return KeptDraft{id, *std::move(spec), document["step"].get<int>(),
                     QString::fromStdString(document["saved_at"].get<std::string>())};
}

} // namespace

KeptDrafts::KeptDrafts(QString projectUuid)
{
    // The uuid comes from a project file that a stranger may have made.
    projectUuid.remove(QRegularExpression(u"[^0-9a-fA-F-]"_s));
    m_folder = DataFolder::standard().root + u"/drafts/"_s + projectUuid;
}

QList<KeptDraft> KeptDrafts::list() const
{
    QList<KeptDraft> drafts;
    for (const QString &name : QDir(m_folder).entryList({u"*.json"_s}, QDir::Files, QDir::Name)) {
        if (auto draft = readDraft(m_folder + u'/' + name, name.chopped(5)))
            drafts << *std::move(draft);
    }
    std::ranges::stable_sort(drafts, std::greater(), &KeptDraft::savedAt);
    return drafts;
}

Result<KeptDraft> KeptDrafts::keep(KeptDraft draft) const
{
    if (draft.id.isEmpty())
        draft.id = newUuid();
    draft.savedAt = isoNow();
    const QString path = m_folder + u'/' + draft.id + u".json"_s;
    const json document{{"format", "evalwright-draft/1"},
                        {"saved_at", draft.savedAt.toStdString()},
                        {"step", draft.step},
                        {"spec", draft.spec.toJson()}};
    const QByteArray bytes = QByteArray::fromStdString(document.dump());
    QSaveFile file(path);
    if (!QDir().mkpath(m_folder) || !file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return failure(Error(ErrorCode::Storage, u"The draft was not kept."_s,
                             u"Free some space, or save the recipe in a file of your own."_s,
                             u"%1: %2"_s.arg(path, file.errorString())));
    return draft;
}

Status KeptDrafts::forget(const QString &id) const
{
    const QString path = m_folder + u'/' + id + u".json"_s;
    if (QFile::exists(path) && !QFile::remove(path))
        return failure(ErrorCode::Storage, u"The draft could not be removed."_s, u"Remove its file by hand."_s, path);
    return {};
}

} // namespace evalwright
