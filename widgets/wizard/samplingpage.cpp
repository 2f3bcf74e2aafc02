// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text.h"
#include "generators/map/embed.h"
#include "generators/prompting.h"
#include "lm/capabilities.h"
#include "widgets/estimate/generateestimate.h"
#include "lm/serveridentity.h"
#include "widgets/models/scoringbadge.h"
#include "widgets/activity/deliverybox.h"
#include "widgets/theme/theme.h"
#include "widgets/wizard/recipepages.h"
#include "widgets/wizard/trustpanel.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

#include <limits>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

QString factsOf(const Model &model, const PromptTemplate &prompt)
{
    QStringList facts;
    if (!model.family.isEmpty())
        facts << model.family;
    facts << SamplingPage::tr("%1 parameters").arg(formatParameters(model.parameters));
    const PromptKind kind = promptKindFor(model, prompt);
    facts << (kind == PromptKind::Completion    ? SamplingPage::tr("asked by raw completion")
              : kind == PromptKind::ChatPrefill ? SamplingPage::tr("asked by chat, answer started")
                                                : SamplingPage::tr("asked by chat"));
    const std::optional<bool> logprobs = capability(model, u"token_logprobs"_s);
    facts << (!logprobs   ? SamplingPage::tr("log-probabilities: not probed")
              : *logprobs ? SamplingPage::tr("log-probabilities: yes")
                          : SamplingPage::tr("log-probabilities: none (as a checker it is asked several times instead)"));
    if (!serverChange(model).isEmpty())
        facts << SamplingPage::tr("its server has changed since the probe");
    return facts.join(u" · "_s);
}

QLabel *note()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    setSecondary(label);
    return label;
}

} // namespace

SamplingPage::SamplingPage(Session &session, WizardDraft &draft, QWidget *parent)
    : WizardPage(session, draft, parent), m_form(new QFormLayout), m_writer(new QComboBox), m_checker(new QComboBox),
      m_embedder(new QComboBox), m_writerFacts(note()),
      m_checkerFacts(note()), m_warning(new QLabel), m_cooler(new QPushButton(tr("Use 0.8"))),
      m_temperature(new QDoubleSpinBox), m_topP(new QDoubleSpinBox),
      m_tokens(new QSpinBox), m_seed(new QSpinBox), m_estimate(new GenerateEstimate(session, false)),
      m_delivery(new DeliveryBox), m_trust(new TrustPanel(session))
{
    m_temperature->setRange(0, 2);
    m_temperature->setSingleStep(0.1);
    m_topP->setRange(0.01, 1);
    m_topP->setDecimals(3);
    m_topP->setSingleStep(0.025);
    m_tokens->setRange(1, 4096);
    m_seed->setRange(0, std::numeric_limits<int>::max());
    for (QComboBox *box : {m_writer, m_checker}) {
        box->setItemDelegate(new ScoringBadgeDelegate(box));
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    }
    m_warning->setTextFormat(Qt::PlainText);
    m_warning->setWordWrap(true);
    m_embedder->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_embedder->setObjectName(u"embedder"_s);
    m_embedder->setToolTip(tr("Whose vectors tell which texts mean the same; models that give embeddings"));
    QFormLayout *form = m_form;
    form->setHorizontalSpacing(Theme::spacing(2));
    form->setVerticalSpacing(Theme::spacing());
    form->addRow(tr("&Writer"), m_writer);
    form->addRow(QString(), m_writerFacts);
    form->addRow(tr("&Checker"), m_checker);
    form->addRow(QString(), m_checkerFacts);
    form->addRow(tr("&Embedding"), m_embedder);
    form->addRow(tr("&Temperature"), m_temperature);
    form->addRow(tr("To&p-p"), m_topP);
    form->addRow(tr("&Longest answer, tokens"), m_tokens);
    form->addRow(tr("&Seed"), m_seed);
    form->addRow(tr("&Delivery"), m_delivery);
    m_writer->setToolTip(tr("The model that writes; the badge says what its probe found out about log-probabilities, "
                            "“not probed” that nobody asked it yet"));
    m_checker->setToolTip(tr("The model that looks at what was written; best of another family than the writer"));
    for (QWidget *field : {static_cast<QWidget *>(m_temperature), static_cast<QWidget *>(m_topP),
                           static_cast<QWidget *>(m_tokens), static_cast<QWidget *>(m_seed)})
        field->setMaximumWidth(160);
    auto *content = new QWidget;
    content->setMinimumWidth(1); // Labels wrap; nothing is worth a bar across.
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, Theme::spacing(), 0);
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(form);
    layout->addWidget(m_warning);
    layout->addWidget(m_cooler, 0, Qt::AlignLeft);
    layout->addWidget(m_trust);
    layout->addWidget(m_estimate);
    layout->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(content);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    connect(m_cooler, &QPushButton::clicked, this, [this] { m_temperature->setValue(0.8); });
    connect(m_trust, &TrustPanel::failed, this, &SamplingPage::failed);
    connect(m_trust, &TrustPanel::changed, this, [this] {
        if (!m_filling)
            m_draft.spec.trustReason = m_trust->reason();
        Q_EMIT changed();
    });
    connect(m_writer, &QComboBox::currentIndexChanged, this, &SamplingPage::read);
    connect(m_checker, &QComboBox::currentIndexChanged, this, &SamplingPage::read);
    connect(m_embedder, &QComboBox::currentIndexChanged, this, &SamplingPage::read);
    connect(m_temperature, &QDoubleSpinBox::valueChanged, this, &SamplingPage::read);
    connect(m_topP, &QDoubleSpinBox::valueChanged, this, &SamplingPage::read);
    connect(m_tokens, &QSpinBox::valueChanged, this, &SamplingPage::read);
    connect(m_seed, &QSpinBox::valueChanged, this, &SamplingPage::read);
    connect(m_delivery, &DeliveryBox::changed, this, &SamplingPage::read);
}

void SamplingPage::enter()
{
    m_filling = true;
    for (QComboBox *box : {m_writer, m_checker}) {
        box->clear();
        for (const Model &model : m_draft.models) {
            box->addItem(model.name);
            ScoringBadgeDelegate::setBadge(*box->model(), box->model()->index(box->count() - 1, 0),
                                           scoringBadge(model));
        }
    }
    if (m_draft.spec.writer.isEmpty() && !m_draft.models.isEmpty())
        m_draft.spec.writer = m_draft.models.constFirst().name;
    // Someone else than the writer should check, where there is someone else.
    if (m_draft.spec.checker.isEmpty()) {
        m_draft.spec.checker = m_draft.spec.writer;
        const Model *writer = m_draft.model(m_draft.spec.writer);
        for (const Model &model : m_draft.models) {
            if (writer && model.family != writer->family && model.training != u"base"_s) {
                m_draft.spec.checker = model.name;
                break;
            }
        }
    }
    const bool embeds = m_draft.spec.recipe.embeds();
    m_form->setRowVisible(m_embedder, embeds);
    m_embedder->clear();
    for (const Model &model : m_draft.models) {
        if (embeds && canEmbed(model))
            m_embedder->addItem(model.name);
    }
    m_embedder->setCurrentText(m_draft.spec.embedder); // The first where nothing was chosen.
    m_draft.spec.embedder = m_embedder->currentText();
    m_writer->setCurrentText(m_draft.spec.writer);
    m_checker->setCurrentText(m_draft.spec.checker);
    const RecipeStage &write = m_draft.spec.recipe.writing();
    m_temperature->setValue(write.temperature);
    m_topP->setValue(write.topP);
    m_tokens->setValue(write.maxTokens);
    m_seed->setValue(static_cast<int>(std::min<qint64>(m_draft.spec.recipe.seed, std::numeric_limits<int>::max())));
    m_delivery->setDelivery(m_draft.spec.delivery);
    m_filling = false;
    showFacts();
    Q_EMIT changed();
}

void SamplingPage::leave()
{
    // What runs for nobody's eyes is paid for all the same.
    if (m_trust->isRunning())
        m_trust->cancel();
}

void SamplingPage::read()
{
    if (m_filling)
        return;
    m_draft.spec.writer = m_writer->currentText();
    m_draft.spec.checker = m_checker->currentText();
    m_draft.spec.embedder = m_embedder->currentText();
    RecipeStage &write = m_draft.spec.recipe.writing();
    write.temperature = m_temperature->value();
    write.topP = m_topP->value();
    write.maxTokens = m_tokens->value();
    m_draft.spec.recipe.seed = m_seed->value();
    m_draft.spec.delivery = m_delivery->delivery();
    showFacts();
    Q_EMIT changed();
}

void SamplingPage::showFacts()
{
    const Model *writer = m_draft.model(m_draft.spec.writer), *checker = m_draft.model(m_draft.spec.checker);
    m_writerFacts->setText(writer ? factsOf(*writer, m_draft.spec.recipe.writing().prompt) : QString());
    const RecipeStage *check = m_draft.spec.recipe.checking();
    const bool marks = std::ranges::any_of(m_draft.spec.recipe.stages, [](const RecipeStage &stage) {
        return stage.kind == RecipeStage::Kind::Check;
    });
    m_checkerFacts->setText(!check && marks
                                ? tr("Here a checker only marks texts that seem to fit another side; no label depends on it.")
                            : !check ? tr("Nothing is checked in this recipe.")
                            : checker ? factsOf(*checker, check->prompt)
                                      : QString());
    QString warning;
    if (writer && checker) {
        if (!check)
            warning.clear(); // Nothing rests on its word.
        else if (writer->name == checker->name)
            warning = tr("The writer checks itself: its mistakes as a writer and as a checker go together. A checker "
                         "of another family is better.");
        else if (!writer->family.isEmpty() && writer->family == checker->family)
            warning = tr("Writer and checker are of the same family; their mistakes may go together.");
    }
    constexpr double small = 1e9, warm = 1.0;
    if (writer && writer->parameters && *writer->parameters < small && m_draft.spec.recipe.writing().temperature > warm) {
        warning += warning.isEmpty() ? QString() : u"\n"_s;
        warning += tr("The published temperature is for models a hundred times larger; small ones write word salad at "
                      "it, and 0.8 suits them better. The data set remembers the change.");
    }
    m_cooler->setVisible(writer && writer->parameters && *writer->parameters < small &&
                         m_draft.spec.recipe.writing().temperature > warm);
    m_warning->setText(warning);
    QPalette palette = m_warning->palette();
    palette.setColor(QPalette::WindowText, Theme::of(this)->color(Theme::Meaning::Warning));
    m_warning->setPalette(palette);
    m_trust->setChecker(check, checker, m_draft.spec.trustReason);
    m_estimate->setSpec(m_draft.spec);
}

QString SamplingPage::problem() const
{
    if (m_draft.models.isEmpty())
        return tr("This project has no models yet. Add one on the Models page first.");
    if (m_draft.spec.writer.isEmpty())
        return tr("Choose who writes.");
    if (m_draft.spec.recipe.embeds() && m_draft.spec.embedder.isEmpty())
        return tr("The recipe compares by a model's embedding, and no model of this project gives any.");
    for (const QString &name : {m_draft.spec.writer, m_draft.spec.checker}) {
        const Model *model = m_draft.spec.delivery.isLive() ? nullptr : m_draft.model(name);
        if (const Status batched = model ? canBeBatched(*model) : Status(); !batched)
            return batched.error().message;
    }
    if (m_trust->isDistrusted() && m_draft.spec.trustReason.isEmpty())
        return tr("The checker is not to be trusted: choose another, or say why it is used all the same.");
    return {};
}

} // namespace evalwright
