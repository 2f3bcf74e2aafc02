// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/funnelpage.h"

#include "core/onfinished.h"
#include "core/statistics/proportions.h"
#include "storage/items/filterchange.h"
#include "widgets/dataset/plaintext.h"
#include "widgets/dataset/reasontext.h"
#include "widgets/theme/banner.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/numberstable.h"

#include <QFrame>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>
#include <utility>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr int refreshMilliseconds = 500, cardWidth = 264;
constexpr qsizetype mostReasons = 8, mostLabels = 6;

struct StageWords
{
    QLatin1StringView id;
    const char *name, *explanation;
};
constexpr std::array stages{
    StageWords{"asked"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Asked"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Statements asked for.")},
    StageWords{"answered"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Answered"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "The server sent a reply.")},
    StageWords{"parsed"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Parsed"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "A statement could be read from the reply.")},
    StageWords{"unique"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Not a duplicate"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "No earlier candidate says the same.")},
    StageWords{"linted"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Passed lint"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "No lint rule blocks the text.")},
    StageWords{"right-label"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Right label"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "The checker gives the answer that was asked for.")},
    StageWords{"selected"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Selected"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Among the most confident ones of its label.")},
    StageWords{"relevant"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Relevant"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "The checker finds that the text is about the behaviour.")},
    StageWords{"not-near-duplicate"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Not nearly a duplicate"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "No earlier text has nearly the same words.")},
    StageWords{"not-alike"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Another meaning"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "No earlier text says the same in other words.")},
    StageWords{"lint-biography"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Biography passed lint"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "No lint rule blocks the biography.")},
    StageWords{"check-attribute"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Biography looked at"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage",
                                 "A checker says whom the biography describes; a doubt is noted, nothing is lost by it.")},
    StageWords{"composed"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Put together"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Every biography with every question: from here on items are "
                                                           "counted.")},
    StageWords{"reviewed"_L1, QT_TRANSLATE_NOOP("evalwright::FunnelPage", "After review"),
               QT_TRANSLATE_NOOP("evalwright::FunnelPage", "Not rejected by a person.")},
};

const StageWords *wordsOf(const QString &id)
{
    for (const StageWords &entry : stages) {
        if (id == entry.id)
            return &entry;
    }
    return nullptr;
}

/// How much of what was asked for is left, as a bar: what this stage lost is pale.
class ShareBar : public QWidget
{
public:
    ShareBar(double in, double out, QWidget *parent) : QWidget(parent), m_in(in), m_out(out)
    {
        setFixedHeight(Theme::spacing());
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Theme *theme = Theme::of(this);
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        QColor lost = theme->color(Theme::Meaning::NotMatching);
        lost.setAlpha(90);
        for (const auto &[share, color] : {std::pair(1.0, theme->color(Theme::Meaning::Border)), std::pair(m_in, lost),
                                           std::pair(m_out, theme->color(Theme::Meaning::Accent))}) {
            QRectF bar = rect();
            bar.setWidth(bar.width() * share);
            if (layoutDirection() == Qt::RightToLeft)
                bar.moveRight(width());
            painter.setBrush(color);
            painter.drawRoundedRect(bar, 4, 4);
        }
    }

private:
    double m_in, m_out;
};

QString labelName(const QString &label)
{
    return label.isEmpty() ? QStringLiteral("—") : singleLine(label.trimmed(), 30);
}

} // namespace

Result<FunnelReport> readFunnel(Connection &connection, DatasetId dataset)
{
    FunnelReport report;
    EVALWRIGHT_ASSIGN(report.stages, datasetFunnel(connection, dataset));
    CandidateFilter undecided;
    undecided.dataset = dataset;
    undecided.state = CandidateFilter::State::Undecided;
    EVALWRIGHT_ASSIGN(report.undecided, countCandidates(connection, undecided));
    return report;
}

QString keepRateText(qint64 kept, qint64 of)
{
    const auto interval = statistics::wilsonInterval(kept, of);
    if (!interval)
        return QStringLiteral("—");
    const QLocale locale;
    const auto percent = [&locale](double share) { return locale.toString(100 * share, 'f', 1); };
    return u"%1 % [%2, %3]"_s.arg(percent(interval->estimate), percent(interval->low), percent(interval->high));
}

QString stageName(const QString &id)
{
    const StageWords *words = wordsOf(id);
    return words ? FunnelPage::tr(words->name) : singleLine(id, 60);
}

FunnelPage::FunnelPage(std::shared_ptr<Project> project, DatasetId dataset, QWidget *parent)
    : QWidget(parent), m_project(std::move(project)), m_dataset(dataset), m_banner(new Banner(this)),
      m_head(new QLabel(this)), m_numbersButton(new QToolButton(this)), m_scroll(new QScrollArea(this)),
      m_stages(new QWidget(this)), m_flow(new FlowLayout(m_stages, Theme::spacing(2))), m_table(new NumbersTable(this)),
      m_empty(new QWidget(this))
{
    setSecondary(m_head);
    m_head->setText(tr("Reading…"));
    m_numbersButton->setText(tr("Show the numbers"));
    m_numbersButton->setCheckable(true);
    m_numbersButton->setMinimumHeight(Theme::spacing(4));
    connect(m_numbersButton, &QToolButton::toggled, m_table, &QWidget::setVisible);
    m_table->setAccessibleName(tr("Numbers of the funnel"));
    m_table->hide();
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setWidget(m_stages);
    m_stages->setAccessibleName(tr("Stages of the funnel"));

    auto *emptyText = new QLabel(tr("Nothing was written for this data set yet. When its recipe runs, the way from the "
                                    "first request to the kept items is here."),
                                 m_empty);
    emptyText->setWordWrap(true);
    emptyText->setAlignment(Qt::AlignCenter);
    setSecondary(emptyText);
    auto *fill = new QPushButton(tr("Fill the data set"), m_empty);
    connect(fill, &QPushButton::clicked, this, &FunnelPage::fillRequested);
    auto *empty = new QVBoxLayout(m_empty);
    empty->addStretch(1);
    empty->addWidget(emptyText);
    empty->addWidget(fill, 0, Qt::AlignHCenter);
    empty->addStretch(2);
    m_empty->hide();

    auto *top = new QHBoxLayout;
    top->addWidget(m_head, 1);
    top->addWidget(m_numbersButton);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::spacing(2), Theme::spacing(2), Theme::spacing(2), Theme::spacing(2));
    layout->setSpacing(Theme::spacing(2));
    layout->addLayout(top);
    layout->addWidget(m_banner);
    layout->addWidget(m_scroll, 3);
    layout->addWidget(m_table, 2);
    layout->addWidget(m_empty, 1);

    m_refresh.setSingleShot(true);
    m_refresh.setInterval(refreshMilliseconds);
    connect(&m_refresh, &QTimer::timeout, this, &FunnelPage::read);
    connect(m_project->notifier(), &ProjectNotifier::changed, this, [this](Topic topic) {
        if ((topic == Topic::Candidates || topic == Topic::Datasets) && !m_refresh.isActive())
            m_refresh.start();
    });
    read();
}

void FunnelPage::read()
{
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    onFinished(
        m_project->read([dataset = m_dataset](Connection &connection) { return readFunnel(connection, dataset); }),
        this, [this](const Result<FunnelReport> &report) {
            m_reading = false;
            if (report) {
                m_banner->hide();
                show(*report);
            } else {
                m_banner->showError(report.error());
            }
            Q_EMIT loaded();
            if (std::exchange(m_again, false))
                m_refresh.start();
        });
}

void FunnelPage::show(const FunnelReport &report)
{
    const QString numbers = QString::fromStdString(toJson(report.stages).dump()) + QString::number(report.undecided);
    if (numbers == m_shown)
        return;
    m_shown = numbers;
    const qint64 asked = report.stages.isEmpty() ? 0 : report.stages.first().in;
    const bool nothing = asked == 0;
    m_empty->setVisible(nothing);
    m_scroll->setVisible(!nothing);
    m_numbersButton->setVisible(!nothing);
    m_head->setVisible(!nothing);
    if (nothing)
        m_numbersButton->setChecked(false);
    m_flow->clear();
    fillTable(report);
    if (nothing)
        return;
    const QLocale locale;
    const qint64 left = report.stages.last().out - report.undecided;
    // Before they are put together, rows are biographies: a share of them says nothing about items.
    const auto together = std::ranges::find(report.stages, u"composed"_s, &FunnelStage::id);
    const bool composed = together != report.stages.end();
    const qint64 from = composed ? together->out : asked;
    QString head = tr("%1 of %2 kept: %3").arg(locale.toString(left), locale.toString(from), keepRateText(left, from));
    if (composed)
        head += tr(" · put together from %1 texts of the writer").arg(locale.toString(asked));
    if (report.undecided > 0)
        head += tr(" · %1 not decided yet").arg(locale.toString(report.undecided));
    m_head->setText(head);
    bool items = !composed; ///< Rows of the stage are candidates, so Items has them.
    for (qsizetype i = 0; i < report.stages.size(); ++i) {
        const FunnelStage &stage = report.stages.at(i);
        const bool joins = composed && stage.id == "composed"_L1;
        items = items || joins;
        const qint64 whole = composed && items ? from : asked;
        QFrame *card = makeCard(stage, {whole, items && !joins, joins, i == 0, i + 1 == report.stages.size()});
        m_flow->addWidget(card);
        card->show();
    }
    m_stages->updateGeometry();
}

QFrame *FunnelPage::makeCard(const FunnelStage &stage, const Place &place)
{
    const bool first = place.first, last = place.last;
    const QLocale locale;
    auto *card = new QFrame(m_stages);
    setCard(card);
    card->setFixedWidth(cardWidth);
    card->setAccessibleName(
        tr("%1: %2 of %3").arg(stageName(stage.id), locale.toString(stage.out), locale.toString(stage.in)));
    auto *column = new QVBoxLayout(card);
    column->setContentsMargins(Theme::spacing(2), Theme::spacing(), Theme::spacing(2), Theme::spacing());
    column->setSpacing(Theme::spacing() / 2);

    auto *name = new QLabel(first ? stageName(stage.id) : u"→ "_s + stageName(stage.id), card);
    name->setTextFormat(Qt::PlainText);
    name->setFont(Theme::font(Theme::Role::Heading));
    if (const StageWords *words = wordsOf(stage.id))
        name->setToolTip(tr(words->explanation));
    column->addWidget(name);
    auto *count = new QLabel(locale.toString(stage.out), card);
    count->setFont(Theme::font(Theme::Role::Title));
    column->addWidget(count);
    const double whole = static_cast<double>(qMax<qint64>(1, place.whole));
    column->addWidget(new ShareBar(place.joins ? 1.0 : qMin(1.0, static_cast<double>(stage.in) / whole),
                                   qMin(1.0, static_cast<double>(stage.out) / whole), card));

    const auto secondary = [&](const QString &text) {
        auto *label = new QLabel(text, card);
        label->setTextFormat(Qt::PlainText);
        label->setFont(Theme::font(Theme::Role::Caption));
        label->setWordWrap(true); // Intervals of long numbers are wider than a card.
        setSecondary(label);
        column->addWidget(label);
    };
    qsizetype shown = 0;
    for (auto it = stage.inPerLabel.begin(); it != stage.inPerLabel.end(); ++it) {
        if (++shown > mostLabels) {
            secondary(tr("and %Ln more, see the numbers", nullptr, static_cast<int>(stage.inPerLabel.size() - mostLabels)));
            break;
        }
        const qint64 out = stage.outPerLabel.value(it.key());
        secondary(
            first || place.joins ? tr("%1: %2").arg(labelName(it.key()), locale.toString(out))
                  : tr("%1: %2 · %3").arg(labelName(it.key()), locale.toString(out), keepRateText(out, it.value())));
    }
    if ((first && place.items) || last) {
        auto *look = new QToolButton(card);
        look->setText(first ? tr("Show all candidates") : tr("Show the kept items"));
        look->setAutoRaise(true);
        connect(look, &QToolButton::clicked, this, [this, first] {
            Q_EMIT showItems(first ? ItemFilter() : filterWith({}, ItemField::State, u"kept"_s, true));
        });
        column->addWidget(look, 0, Qt::AlignLeft);
    }
    addLosses(card, column, stage, place.items);
    column->addStretch(1);
    return card;
}

void FunnelPage::addLosses(QFrame *card, QVBoxLayout *column, const FunnelStage &stage, bool items)
{
    if (stage.rejected.isEmpty())
        return;
    const QLocale locale;
    auto *lost = new QLabel(tr("%1 lost").arg(locale.toString(stage.in - stage.out)), card);
    lost->setFont(Theme::font(Theme::Role::Caption));
    setSecondary(lost);
    column->addWidget(lost);
    // People's own reasons can be as many as items: the most frequent ones, and the number of the rest.
    QStringList reasons = stage.rejected.keys();
    std::stable_sort(reasons.begin(), reasons.end(), [&stage](const QString &a, const QString &b) {
        return stage.rejected.value(a) > stage.rejected.value(b);
    });
    const qsizetype more = reasons.size() - mostReasons;
    for (const QString &reason : reasons.first(qMin<qsizetype>(reasons.size(), mostReasons))) {
        auto *chip = new Chip(u"%1  %2"_s.arg(reasonText(reason), locale.toString(stage.rejected.value(reason))),
                              Theme::Meaning::NotMatching, card);
        QStringList perLabel;
        for (auto label = stage.rejectedPerLabel.begin(); label != stage.rejectedPerLabel.end(); ++label) {
            if (const qint64 count = label->value(reason); count > 0)
                perLabel << tr("%1: %2").arg(labelName(label.key()), locale.toString(count));
        }
        chip->setToolTip(plainToolTip(
            tr("%1\n%2\nClick to see these items.").arg(reasonExplanation(reason), perLabel.join(u", "_s))));
        connect(chip, &Chip::clicked, this, [this, reason, items, id = stage.id] {
            if (!items)
                return Q_EMIT showMaterials(id, reason);
            Q_EMIT showItems(filterWith(filterWith({}, ItemField::State, u"rejected"_s, true), ItemField::Reason, reason, true));
        });
        column->addWidget(chip, 0, Qt::AlignLeft);
    }
    if (more > 0) {
        auto *rest =
            new QLabel(tr("and %Ln further reason(s), see the numbers", nullptr, static_cast<int>(more)), card);
        rest->setFont(Theme::font(Theme::Role::Caption));
        rest->setWordWrap(true);
        setSecondary(rest);
        column->addWidget(rest);
    }
}

void FunnelPage::fillTable(const FunnelReport &report)
{
    const QLocale locale;
    QList<QStringList> rows;
    const auto losses = [&locale](const QMap<QString, qint64> &rejected) {
        QStringList parts;
        for (auto it = rejected.begin(); it != rejected.end(); ++it)
            parts << u"%1: %2"_s.arg(reasonText(it.key()), locale.toString(it.value()));
        return parts.join(u", "_s);
    };
    for (const FunnelStage &stage : report.stages) {
        rows << QStringList{stageName(stage.id),
                            tr("all"),
                            locale.toString(stage.in),
                            locale.toString(stage.out),
                            keepRateText(stage.out, stage.in),
                            losses(stage.rejected)};
        for (auto it = stage.inPerLabel.begin(); it != stage.inPerLabel.end(); ++it) {
            const qint64 out = stage.outPerLabel.value(it.key());
            rows << QStringList{stageName(stage.id),           labelName(it.key()),
                                locale.toString(it.value()),   locale.toString(out),
                                keepRateText(out, it.value()), losses(stage.rejectedPerLabel.value(it.key()))};
        }
    }
    m_table->setTable({tr("Stage"), tr("Asked for"), tr("In"), tr("Out"), tr("Keep rate, 95 % interval"), tr("Lost")},
                      rows);
}

} // namespace evalwright
