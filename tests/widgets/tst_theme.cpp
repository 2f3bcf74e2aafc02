// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/dataset/datasetpage.h"
#include "widgets/evaluation/resultmodel.h"
#include "widgets/theme/chip.h"
#include "widgets/theme/flowlayout.h"
#include "widgets/theme/theme.h"

#include <QApplication>
#include <QMetaEnum>
#include <QSignalSpy>
#include <QComboBox>
#include <QSlider>
#include <QSpinBox>
#include <QWheelEvent>
#include <QTest>
#include <QTranslator>

using namespace evalwright;
using namespace Qt::StringLiterals;

class TestTheme : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// One item, two items: the plurals are in the program and belong to the classes that use them.
    void plurals()
    {
        QTranslator texts;
        QVERIFY(texts.load(QStringLiteral(":/i18n/evalwright_en.qm")));
        QCoreApplication::installTranslator(&texts);
        QCOMPARE(DatasetPage::tr("%Ln item(s) kept of %1 candidates%2", nullptr, 1).left(10),
                 QStringLiteral("1 item kep"));
        QCOMPARE(ResultModel::tr("%Ln note(s)", nullptr, 2), QStringLiteral("2 notes"));
        QCoreApplication::removeTranslator(&texts);
    }

    void contrastIsThatOfWcag()
    {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        // #767676 is the lightest grey that WCAG's own examples let pass on white.
        QVERIFY(contrastRatio(QColor(0x76, 0x76, 0x76), Qt::white) >= 4.5);
        QVERIFY(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) < 4.5);
    }

    void textColoursCanBeRead_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void textColoursCanBeRead()
    {
        QFETCH(bool, dark);
        const auto meanings = QMetaEnum::fromType<Theme::Meaning>();
        int checked = 0;
        for (int i = 0; i < meanings.keyCount(); ++i) {
            const auto meaning = static_cast<Theme::Meaning>(meanings.value(i));
            if (meaning < Theme::Meaning::Text)
                continue;
            const QColor ink = Theme::color(meaning, dark);
            for (const QColor &ground :
                 {Theme::color(Theme::Meaning::Surface, dark), Theme::color(Theme::Meaning::SurfaceRaised, dark),
                  Theme::tint(meaning, dark)}) {
                const double ratio = contrastRatio(ink, ground);
                QVERIFY2(
                    ratio >= 4.5,
                    qPrintable(u"%1 on %2: %3"_s.arg(QLatin1StringView(meanings.key(i)), ground.name()).arg(ratio)));
                ++checked;
            }
        }
        QCOMPARE(checked, 3 * 11);
        QVERIFY(contrastRatio(Theme::color(Theme::Meaning::Text, dark), Theme::color(Theme::Meaning::Hover, dark)) >=
                4.5);
        QVERIFY(contrastRatio(Theme::onAccent(dark), Theme::color(Theme::Meaning::Accent, dark)) >= 4.5);
        for (int i = 0; i < Theme::seriesColors; ++i) {
            const double ratio = contrastRatio(Theme::series(i, dark), Theme::color(Theme::Meaning::Surface, dark));
            QVERIFY2(ratio >= 3, qPrintable(u"series %1: %2"_s.arg(i).arg(ratio)));
        }
    }

    void appliesAndSwitches()
    {
        QWidget widget;
        widget.show();
        QVERIFY(!Theme::of(&widget)->isDark());
        {
            Theme theme;
            QSignalSpy changed(&theme, &Theme::changed);
            theme.apply(*qApp, Theme::Mode::Dark);
            QCOMPARE(changed.size(), 1);
            QCOMPARE(Theme::of(&widget), &theme);
            QVERIFY(theme.isDark());
            QCOMPARE(widget.palette().color(QPalette::Window), Theme::color(Theme::Meaning::Surface, true));
            theme.apply(*qApp, Theme::Mode::Light);
            QCOMPARE(widget.palette().color(QPalette::Window), Theme::color(Theme::Meaning::Surface, false));
        }
        QVERIFY(Theme::of(&widget)); // The applied one is gone, the built-in one is there.
        QVERIFY(Theme::font(Theme::Role::Title).pointSizeF() > Theme::font(Theme::Role::Body).pointSizeF());
        QVERIFY(QFontInfo(Theme::font(Theme::Role::Mono)).fixedPitch());
    }

    void flowWraps()
    {
        QWidget widget;
        auto *flow = new FlowLayout(&widget, 8);
        for (int i = 0; i < 3; ++i) {
            auto *child = new QWidget(&widget);
            child->setFixedSize(100, 20);
            flow->addWidget(child);
        }
        QCOMPARE(flow->heightForWidth(400), 20);
        QCOMPARE(flow->heightForWidth(220), 48);
        QCOMPARE(flow->heightForWidth(50), 76);
        flow->clear();
        QCOMPARE(flow->count(), 0);
    }

    void chipShowsAmpersands()
    {
        Chip chip(u"R&D <b>"_s, Theme::Meaning::Warning);
        QCOMPARE(chip.accessibleName(), u"R&D <b>"_s);
        QVERIFY(chip.shortcut().isEmpty());
        QVERIFY(chip.sizeHint().width() > QFontMetrics(chip.font()).horizontalAdvance(u"R&D <b>"_s));
        QVERIFY(!chip.grab().isNull());
    }

    void scrollingAPageTurnsNoField()
    {
        Theme theme;
        theme.apply(*qApp, Theme::Mode::Light);
        QWidget page;
        auto *number = new QSpinBox(&page);
        auto *choice = new QComboBox(&page);
        auto *slider = new QSlider(&page);
        number->setValue(5);
        choice->addItems({u"a"_s, u"b"_s, u"c"_s});
        choice->setCurrentIndex(1);
        slider->setValue(50);
        const auto turn = [](QWidget *widget) {
            QWheelEvent event(QPointF(2, 2), widget->mapToGlobal(QPointF(2, 2)), QPoint(), QPoint(0, -120), Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(widget, &event);
        };
        for (QWidget *widget : std::initializer_list<QWidget *>{number, choice, slider})
            turn(widget);
        QCOMPARE(number->value(), 5);
        QCOMPARE(choice->currentIndex(), 1);
        QCOMPARE(slider->value(), 50);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
