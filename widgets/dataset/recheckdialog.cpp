// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/recheckdialog.h"

#include "core/onfinished.h"
#include "storage/repositories/datasets.h"
#include "storage/repositories/models.h"
#include "widgets/session/session.h"
#include "widgets/theme/theme.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtConcurrentRun>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int pauseMilliseconds = 200; ///< While somebody types, nothing is looked up.

struct Choices
{
    QStringList models;
    QString family;
};

} // namespace

RecheckDialog::RecheckDialog(Session &session, const QString &dataset, QWidget *parent)
    : QDialog(parent), m_session(session), m_dataset(dataset), m_models(new QComboBox), m_forms(new QComboBox),
      m_description(new QLineEdit), m_contrast(new QLineEdit), m_reason(new QLineEdit), m_state(new QLabel), m_trust(new QLabel),
      m_reasonLabel(new QLabel(tr("Use it all the same, &because"))), m_start(new QPushButton(tr("Ask the checker")))
{
    setWindowTitle(tr("Ask another checker"));
    resize(640, 480);
    setMinimumHeight(440); // Texts wrap: without room for them the fields would give theirs.
    auto *about = new QLabel(tr("The checker is asked about every candidate that came as far as the label check. Its scores "
                                "are stored beside the others, and the selection is decided again. What a person decided "
                                "stays. To go back, ask the former checker in its form again: its answers are stored, so "
                                "that costs nothing."));
    for (QLabel *label : {about, m_state, m_trust}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    setSecondary(about);
    m_models->setObjectName(u"recheck-model"_s);
    m_models->setAccessibleName(tr("Checker"));
    m_forms->setObjectName(u"recheck-form"_s);
    m_forms->setAccessibleName(tr("How it is asked"));
    m_description->setObjectName(u"recheck-description"_s);
    m_description->setAccessibleName(tr("Whom the items fit"));
    m_description->setPlaceholderText(tr("as the data set says; completes “a person who …”"));
    m_description->setMaxLength(2000);
    m_contrast->setObjectName(u"recheck-contrast"_s);
    m_contrast->setAccessibleName(tr("Who the others are"));
    m_contrast->setPlaceholderText(tr("for forms that compare with them; “people who …”"));
    m_contrast->setMaxLength(2000);
    m_contrast->setEnabled(false); // Without a description both are the data set's.
    m_reason->setObjectName(u"recheck-reason"_s);
    m_reason->setAccessibleName(tr("Why it is used all the same"));
    m_reason->setPlaceholderText(tr("The reason stays with the data set"));
    m_reason->setMaxLength(2000);
    m_reasonLabel->setBuddy(m_reason);
    m_trust->setObjectName(u"recheck-trust"_s);
    m_trust->setAccessibleName(tr("What is known of the checker"));
    m_state->setAccessibleName(tr("What would be asked"));
    m_start->setObjectName(u"recheck-start"_s);
    setPrimary(m_start);
    auto *form = new QFormLayout;
    form->addRow(tr("&Checker"), m_models);
    form->addRow(tr("&Form"), m_forms);
    form->addRow(tr("&Whom the items fit"), m_description);
    form->addRow(tr("Who the &others are"), m_contrast);
    form->addRow(m_reasonLabel, m_reason);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->addButton(m_start, QDialogButtonBox::AcceptRole);
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(Theme::spacing());
    layout->addWidget(about);
    layout->addLayout(form);
    layout->addWidget(m_trust);
    layout->addWidget(m_state);
    layout->addStretch(1);
    layout->addWidget(buttons);
    m_reason->hide();
    m_reasonLabel->hide();
    m_start->setEnabled(false);
    m_timer.setSingleShot(true);
    m_timer.setInterval(pauseMilliseconds);
    connect(&m_timer, &QTimer::timeout, this, &RecheckDialog::plan);
    connect(m_models, &QComboBox::currentIndexChanged, this, &RecheckDialog::changed);
    connect(m_forms, &QComboBox::currentIndexChanged, this, &RecheckDialog::changed);
    connect(m_description, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_contrast->setEnabled(!text.trimmed().isEmpty());
        changed();
    });
    connect(m_contrast, &QLineEdit::textChanged, this, &RecheckDialog::changed);
    connect(m_reason, &QLineEdit::textChanged, this,
            [this] { m_start->setEnabled(m_known && (!m_refused || !m_reason->text().trimmed().isEmpty())); });
    connect(m_start, &QPushButton::clicked, this, &RecheckDialog::start);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    load();
}

void RecheckDialog::load()
{
    if (!m_session.project())
        return;
    onFinished(m_session.project()->read([name = m_dataset](Connection &c) -> Result<Choices> {
                   Choices choices;
                   EVALWRIGHT_ASSIGN(const Dataset dataset, datasetByName(c, name));
                   choices.family = dataset.family;
                   EVALWRIGHT_ASSIGN(const QList<Model> models, listModels(c));
                   for (const Model &model : models)
                       choices.models << model.name;
                   return choices;
               }),
               this, [this](const Result<Choices> &choices) {
                   if (!choices) {
                       m_state->setText(choices.error().text());
                       return;
                   }
                   const QSignalBlocker a(m_models), b(m_forms);
                   m_models->addItems(choices->models);
                   m_forms->addItem(tr("As the data set was checked, or the usual question"));
                   if (const auto forms = listCheckerForms()) {
                       for (const CheckerForm &form : *forms) {
                           if (form.family != choices->family || form.requirement != "label"_L1)
                               continue;
                           m_formList << form;
                           m_forms->addItem(form.title);
                       }
                   } else {
                       m_state->setText(forms.error().text());
                   }
                   if (choices->models.isEmpty())
                       m_state->setText(tr("There is no model yet. Add one under Models."));
                   else
                       plan();
               });
}

RecheckSpec RecheckDialog::spec() const
{
    RecheckSpec spec;
    spec.dataset = m_dataset;
    spec.checker = m_models->currentText();
    if (const int at = m_forms->currentIndex() - 1; at >= 0 && at < m_formList.size())
        spec.form = m_formList.at(at);
    spec.behaviour.description = m_description->text().trimmed();
    if (!spec.behaviour.description.isEmpty())
        spec.behaviour.contrast = m_contrast->text().trimmed();
    if (m_refused)
        spec.trustReason = m_reason->text().trimmed();
    return spec;
}

void RecheckDialog::changed()
{
    m_known = false;
    m_start->setEnabled(false);
    m_timer.start();
}

void RecheckDialog::plan()
{
    if (!m_session.project() || m_models->currentText().isEmpty())
        return;
    m_state->setText(tr("Looking …"));
    const quint64 turn = ++m_turn;
    RecheckSpec asked = spec();
    asked.trustReason.clear();
    onFinished(QtConcurrent::run(&m_session.workers(),
                                 [project = m_session.project(), asked] { return planRecheck(*project, asked); }),
               this, [this, turn](const Result<RecheckPlan> &plan) {
                   if (turn == m_turn)
                       show(plan);
               });
}

void RecheckDialog::show(const Result<RecheckPlan> &plan)
{
    m_known = plan.has_value();
    m_refused = plan && plan->trust.state == CheckerTrust::State::Refused;
    m_reason->setVisible(m_refused);
    m_reasonLabel->setVisible(m_refused);
    m_trust->setVisible(plan.has_value());
    if (!plan) {
        m_state->setText(plan.error().text());
    } else {
        QStringList known = plan->warnings;
        if (plan->trust.state == CheckerTrust::State::NoCheck)
            known.prepend(tr("It is asked by the recipe's own prompt, which known labels cannot try: whether it knows the "
                             "difference is not known."));
        else if (plan->trust.state == CheckerTrust::State::Usable)
            known.prepend(plan->trust.text);
        known << plan->deviations;
        m_trust->setText(known.join(u"\n"_s));
        m_state->setText(tr("%1 about %2; what is known already is not asked again.")
                             .arg(tr("%Ln request(s)", nullptr, static_cast<int>(plan->requests)),
                                  tr("%Ln candidate(s)", nullptr, static_cast<int>(plan->candidates))));
    }
    QPalette palette = m_trust->palette();
    const bool warn = plan && plan->trust.state != CheckerTrust::State::Usable;
    palette.setColor(QPalette::WindowText,
                     Theme::of(this)->color(warn ? Theme::Meaning::Warning : Theme::Meaning::Text));
    m_trust->setPalette(palette);
    m_start->setEnabled(m_known && (!m_refused || !m_reason->text().trimmed().isEmpty()));
    Q_EMIT shown();
}

void RecheckDialog::start()
{
    if (!m_start->isEnabled())
        return;
    m_session.startRecheck(spec());
    accept();
}

} // namespace evalwright
