// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "review/presets.h"

#include "core/text.h"

#include <QFile>

// Q_INIT_RESOURCE must stand outside every namespace.
static void initialiseQuestionnaires()
{
    Q_INIT_RESOURCE(questionnaires);
}

namespace evalwright::review {

using namespace Qt::StringLiterals;

QStringList presetNames()
{
    return {u"persona"_s, u"choice"_s, u"sycophancy"_s, u"winogender"_s};
}

Result<Questionnaire> preset(const QString &name)
{
    if (!presetNames().contains(name)) {
        return failure(Error(ErrorCode::NotFound, u"There is no questionnaire “%1”."_s.arg(name),
                             u"Use one of: %1."_s.arg(presetNames().join(u", "_s)))
                           .withSuggestions(nearestNames(name, presetNames())));
    }
    initialiseQuestionnaires();
    QFile file(u":/evalwright/questionnaires/%1.json"_s.arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::Corrupt, u"The questionnaire “%1” is missing from this build."_s.arg(name));
    return Questionnaire::fromText(file.readAll());
}

QString presetForFamily(const QString &family)
{
    if (family == "winogender"_L1 || family == "sycophancy"_L1)
        return family;
    return family == "persona"_L1 ? u"persona"_s : u"choice"_s;
}

} // namespace evalwright::review
