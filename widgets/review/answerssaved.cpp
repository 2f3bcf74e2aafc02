// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/review/answerssaved.h"

#include "widgets/review/ratererror.h"
#include "widgets/review/reviewlanguage.h"

#include <QMessageBox>
#include <QPushButton>

namespace evalwright {

QString answersSavedText(const Result<QString> &path, const ReviewLanguage &words)
{
    if (!path)
        return forRaters(path.error(), RaterTask::Saving, words).text();
    return words
        .translate("Review", "Your answers are in this file. Send it back to whoever gave you the work:\n%1")
        .arg(*path);
}

std::unique_ptr<QMessageBox> answersSavedBox(const Result<QString> &path, const ReviewLanguage &words)
{
    auto box = std::make_unique<QMessageBox>(path ? QMessageBox::Information : QMessageBox::Warning,
                                             words.translate("Review", "Review"), answersSavedText(path, words));
    box->setTextFormat(Qt::PlainText);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse);
    box->setLayoutDirection(ReviewLanguage::directionOf(words.code()));
    box->setDefaultButton(box->addButton(words.translate("Review", "Close"), QMessageBox::AcceptRole));
    return box;
}

} // namespace evalwright
