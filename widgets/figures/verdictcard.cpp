// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/figures/verdictcard.h"

#include "widgets/dataset/plaintext.h"
#include "widgets/figures/figuretext.h"
#include "widgets/theme/chip.h"

#include <QHBoxLayout>
#include <QLabel>

namespace evalwright {

using namespace Qt::StringLiterals;

VerdictCard::VerdictCard(const FigureVerdict &verdict, const QString &series, bool open, QWidget *parent)
    : QFrame(parent)
{
    setCard(this);
    const auto label = [this](const QString &text) {
        auto *made = new QLabel(this);
        made->setTextFormat(Qt::PlainText);
        made->setText(withVisibleControls(text));
        made->setWordWrap(true);
        made->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        return made;
    };
    auto *chip = new Chip(verdictName(verdict.code), verdictMeaning(verdict.code), this);
    auto *head = new QHBoxLayout;
    head->setSpacing(Theme::spacing());
    head->addWidget(chip);
    if (!series.isEmpty()) {
        QLabel *name = label(series);
        name->setFont(Theme::font(Theme::Role::Heading));
        head->addWidget(name, 1);
    } else {
        head->addStretch(1);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    layout->setSpacing(Theme::spacing() / 2);
    layout->addLayout(head);
    layout->addWidget(label(verdict.text));
    if (verdict.details.isEmpty())
        return;
    QLabel *details = label(verdict.details.join(u'\n'));
    setSecondary(details);
    details->setVisible(open);
    layout->addWidget(details);
    const auto describe = [chip, details] {
        chip->setToolTip(details->isHidden() ? tr("Show what the verdict rests on")
                                             : tr("Hide what the verdict rests on"));
    };
    describe();
    chip->setAccessibleName(tr("Verdict: %1").arg(verdictName(verdict.code)));
    connect(chip, &Chip::clicked, this, [details, describe] {
        details->setVisible(details->isHidden());
        describe();
    });
}

} // namespace evalwright
