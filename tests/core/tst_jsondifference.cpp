// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jsondifference.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace evalwright;
using namespace Qt::StringLiterals;
using nlohmann::json;

namespace {

QStringList words(const LeafDifferences &differences)
{
    QStringList out;
    for (const LeafDifference &leaf : differences.list)
        out << u"%1: %2 -> %3"_s.arg(leaf.path, leaf.first, leaf.second);
    return out;
}

} // namespace

class TestJsonDifference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leaves()
    {
        const json a{{"seed", 1}, {"text", "x"}, {"list", {1, 2}}, {"gone", true}, {"same", {{"deep", nullptr}}}};
        const json b{{"seed", 2}, {"text", "y"}, {"list", {1, 3, 4}}, {"same", {{"deep", nullptr}}}};
        QCOMPARE(words(leafDifferences(a, b)), (QStringList{u"gone: true -> —"_s, u"list.1: 2 -> 3"_s, u"list.2: — -> 4"_s,
                                                            u"seed: 1 -> 2"_s, u"text: x -> y"_s}));
        QVERIFY(leafDifferences(a, a).list.isEmpty());
        QCOMPARE(words(leafDifferences(json{{"a", json::array()}}, json{{"a", json::object()}})),
                 QStringList{u"a: [] -> {}"_s});
    }
    void membersWithIdsAreFoundWhereverTheyStand()
    {
        const json a{{"stages", {{{"id", "write"}, {"n", 1}}, {{"id", "check"}, {"n", 2}}}}};
        const json b{{"stages", {{{"id", "check"}, {"n", 2}}, {{"id", "write"}, {"n", 5}}}}};
        QCOMPARE(words(leafDifferences(a, b)),
                 (QStringList{u"stages.(order): write, check -> check, write"_s, u"stages.write.n: 1 -> 5"_s}));
        // Two of one id: by their place.
        const json twice{{"stages", {{{"id", "write"}, {"n", 1}}, {{"id", "write"}, {"n", 2}}}}};
        QCOMPARE(words(leafDifferences(twice, twice)), QStringList());
        QVERIFY(words(leafDifferences(twice, b)).contains(u"stages.1.n: 2 -> 5"_s));
    }
    void longTextsAndListsAreCut()
    {
        json a, b;
        for (int i = 0; i < 700; ++i)
            b["k"][i] = std::string(1000, 'x');
        const LeafDifferences differences = leafDifferences(a, b);
        QCOMPARE(differences.total, 701); // The empty document is a leaf as well.
        QCOMPARE(differences.list.size(), mostLeafDifferences);
        QCOMPARE(differences.list.last().second.size(), longestLeafText);
    }
};

QTEST_GUILESS_MAIN(TestJsonDifference)
#include "tst_jsondifference.moc"
