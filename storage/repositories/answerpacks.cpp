// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/repositories/answerpacks.h"

#include <QDataStream>
#include <QtEndian>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

namespace evalwright {

using namespace Qt::StringLiterals;

namespace {

constexpr quint32 packVersion = 1;

using Outcome = PackedAnswer::Outcome;
constexpr std::array outcomes{std::pair("answered"_L1, Outcome::Answered), std::pair("refused"_L1, Outcome::Refused),
                              std::pair("unparsed"_L1, Outcome::Unparsed), std::pair("undecided"_L1, Outcome::Undecided),
                              std::pair("http-error"_L1, Outcome::HttpError)};

Outcome outcomeOf(std::string_view name)
{
    for (const auto &[text, outcome] : outcomes) {
        if (text == QLatin1StringView(name.data(), static_cast<qsizetype>(name.size())))
            return outcome;
    }
    return Outcome::Undecided; // The table allows no other.
}

/// Columns of numbers, little-endian as they lie in memory nearly everywhere.
template <class T>
void append(QByteArray &data, const std::vector<T> &column)
{
    const qsizetype at = data.size();
    data.resize(at + static_cast<qsizetype>(column.size() * sizeof(T)));
    qToLittleEndian<T>(column.data(), static_cast<qsizetype>(column.size()), data.data() + at);
}

template <class T>
bool take(const QByteArray &data, qsizetype &at, std::vector<T> &column)
{
    const auto bytes = static_cast<qsizetype>(column.size() * sizeof(T));
    if (data.size() - at < bytes)
        return false;
    qFromLittleEndian<T>(data.constData() + at, static_cast<qsizetype>(column.size()), column.data());
    at += bytes;
    return true;
}

/// Version, number of answers and words; then the columns: item, outcome with matches and censored, word, p, mass.
QByteArray packed(const AnswerPack &pack)
{
    QByteArray data;
    {
        QDataStream head(&data, QIODevice::WriteOnly);
        head.setVersion(QDataStream::Qt_6_0);
        head << packVersion << static_cast<quint64>(pack.answers.size()) << pack.words;
    }
    const size_t count = pack.answers.size();
    std::vector<qint64> items(count);
    std::vector<quint8> states(count);
    std::vector<quint32> words(count);
    std::vector<double> p(count), mass(count);
    for (size_t i = 0; i < count; ++i) {
        const PackedAnswer &answer = pack.answers[i];
        items[i] = answer.item;
        states[i] = static_cast<quint8>(static_cast<unsigned>(answer.outcome) | static_cast<unsigned>(answer.matches + 1) << 3U |
                                        (answer.censored ? 32U : 0U));
        words[i] = answer.word;
        p[i] = answer.pMatching;
        mass[i] = answer.labelMass;
    }
    append(data, items);
    append(data, states);
    append(data, words);
    append(data, p);
    append(data, mass);
    return data;
}

/// False when the bytes are not a pack.
bool unpack(const QByteArray &data, AnswerPack &pack)
{
    quint32 version = 0;
    quint64 count = 0;
    QDataStream head(data);
    head.setVersion(QDataStream::Qt_6_0);
    head >> version >> count >> pack.words;
    constexpr quint64 bytesEach = 8 + 1 + 4 + 8 + 8;
    qsizetype at = head.device()->pos();
    if (head.status() != QDataStream::Ok || version != packVersion ||
        static_cast<quint64>(data.size() - at) != count * bytesEach || count > quint64{1} << 40U)
        return false;
    std::vector<qint64> items(count);
    std::vector<quint8> states(count);
    std::vector<quint32> words(count);
    std::vector<double> p(count), mass(count);
    if (!take(data, at, items) || !take(data, at, states) || !take(data, at, words) || !take(data, at, p) ||
        !take(data, at, mass))
        return false;
    pack.answers.resize(count);
    for (size_t i = 0; i < count; ++i) {
        const unsigned state = states[i];
        if ((state & 7U) > static_cast<unsigned>(Outcome::HttpError) || (state >> 3U & 3U) > 2 || state > 63 ||
            words[i] >= static_cast<quint32>(pack.words.size()) || (i > 0 && items[i] <= items[i - 1]))
            return false;
        pack.answers[i] = {items[i],
                           p[i],
                           mass[i],
                           words[i],
                           static_cast<Outcome>(state & 7U),
                           static_cast<signed char>(static_cast<int>(state >> 3U & 3U) - 1),
                           (state & 32U) != 0};
    }
    return true;
}

Result<qint64> packedUpTo(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const QVariant upto, connection.value(u"SELECT upto FROM answer_pack_state WHERE id = 1"_s));
    return upto.toLongLong();
}

auto keyOf(const AnswerPlace &p)
{
    return std::make_tuple(p.dataset.value, p.run.value, p.model.value, p.frame, p.control, p.optionOrder, p.repeat,
                           p.method);
}
struct PlaceOrder
{
    bool operator()(const AnswerPlace &a, const AnswerPlace &b) const { return keyOf(a) < keyOf(b); }
};
using Packs = std::map<AnswerPlace, AnswerPack, PlaceOrder>;

/// Adds rows to packs one by one. Rows of one place mostly follow each other.
class Collector
{
public:
    explicit Collector(Packs &packs) : m_packs(packs) {}

    void add(const Statement::Row &row)
    {
        if (!m_current || !isSame(row))
            find(row);
        PackedAnswer answer;
        answer.item = row.integer(8);
        answer.outcome = outcomeOf(row.bytes(9));
        answer.word = word(row.bytes(10));
        if (!row.isNull(11))
            answer.matches = row.integer(11) != 0 ? 1 : 0;
        if (!row.isNull(12))
            answer.pMatching = row.real(12);
        if (!row.isNull(13))
            answer.labelMass = row.real(13);
        answer.censored = row.integer(14) != 0;
        m_current->pack->answers.push_back(answer);
    }

    /// Puts the answers in order.
    void finish()
    {
        for (auto &[place, pack] : m_packs) {
            if (!std::ranges::is_sorted(pack.answers, {}, &PackedAnswer::item))
                std::ranges::stable_sort(pack.answers, {}, &PackedAnswer::item);
        }
    }

    static QString columns()
    {
        return u"c.dataset_id, o.run_id, o.model_id, o.frame, o.control, o.option_order, o.repeat, o.method, "
               u"o.candidate_id, o.outcome, o.argmax, o.matches, o.p_matching, o.label_mass, o.censored "
               u"FROM observation o JOIN candidate c ON c.id = o.candidate_id"_s;
    }

private:
    /// Columns that tell places apart, as the row has them.
    static constexpr std::array numberColumns{0, 1, 2, 6}, textColumns{3, 4, 5, 7};
    struct Place
    {
        AnswerPack *pack = nullptr;
        std::array<qint64, numberColumns.size()> numbers{};
        std::array<std::string, textColumns.size()> texts;
        std::unordered_map<std::string, quint32> words;
    };

    bool isSame(const Statement::Row &row) const
    {
        for (size_t i = 0; i < numberColumns.size(); ++i) {
            if (m_current->numbers[i] != row.integer(numberColumns[i]))
                return false;
        }
        for (size_t i = 0; i < textColumns.size(); ++i) {
            if (m_current->texts[i] != row.bytes(textColumns[i]))
                return false;
        }
        return true;
    }

    void find(const Statement::Row &row)
    {
        const AnswerPlace where{DatasetId{row.integer(0)}, RunId{row.integer(1)}, ModelId{row.integer(2)}, row.text(3),
                                row.text(4),               row.text(5),           row.integer(6),          row.text(7)};
        Place &place = m_places[where];
        m_current = &place;
        if (place.pack)
            return;
        for (size_t i = 0; i < numberColumns.size(); ++i)
            place.numbers[i] = row.integer(numberColumns[i]);
        for (size_t i = 0; i < textColumns.size(); ++i)
            place.texts[i] = std::string(row.bytes(textColumns[i]));
        AnswerPack &pack = m_packs[where];
        pack.place = where;
        place.pack = &pack;
        for (qsizetype i = 0; i < pack.words.size(); ++i)
            place.words.emplace(pack.words[i].toStdString(), static_cast<quint32>(i));
    }

    quint32 word(std::string_view text)
    {
        const auto [found, isNew] =
            m_current->words.try_emplace(std::string(text), static_cast<quint32>(m_current->pack->words.size()));
        if (isNew)
            m_current->pack->words << QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        return found->second;
    }

    Packs &m_packs;
    std::map<AnswerPlace, Place, PlaceOrder> m_places;
    Place *m_current = nullptr;
};

/// "column IN (1, 2)"; numbers of this program's own, so they may stand in the text.
template <class Ids>
QString among(const QString &column, const Ids &ids)
{
    QStringList numbers;
    for (const auto &id : ids)
        numbers << QString::number(id.value);
    return u" AND %1 IN (%2)"_s.arg(column, numbers.join(u", "_s));
}

QString conditions(const AnswerPackFilter &filter, const QString &dataset, const QString &prefix)
{
    QString where;
    if (!filter.datasets.isEmpty())
        where += among(dataset, filter.datasets);
    if (filter.run.isValid())
        where += u" AND %1run_id = %2"_s.arg(prefix).arg(filter.run.value);
    if (!filter.models.isEmpty())
        where += among(prefix + u"model_id"_s, filter.models);
    return where;
}

/// `unreadable` counts packs that are none; they are left out.
Result<Packs> readPacks(Connection &connection, const AnswerPackFilter &filter, qint64 &unreadable)
{
    Packs packs;
    EVALWRIGHT_TRY(connection.forEachRow(
        u"SELECT dataset_id, run_id, model_id, frame, control, option_order, repeat, method, data FROM answer_pack "
        u"WHERE 1 = 1"_s +
            conditions(filter, u"dataset_id"_s, {}),
        {}, [&](const Statement::Row &row) {
            const AnswerPlace place{DatasetId{row.integer(0)}, RunId{row.integer(1)}, ModelId{row.integer(2)},
                                    row.text(3),               row.text(4),           row.text(5),
                                    row.integer(6),            row.text(7)};
            AnswerPack &pack = packs[place];
            pack.place = place;
            const std::string_view bytes = row.bytes(8);
            if (!unpack(QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size())), pack)) {
                ++unreadable;
                packs.erase(place);
            }
        }));
    return packs;
}

Result<Packs> storedPacks(Connection &connection, const AnswerPackFilter &filter)
{
    qint64 unreadable = 0;
    EVALWRIGHT_ASSIGN(Packs packs, readPacks(connection, filter, unreadable));
    if (unreadable > 0) {
        return failure(ErrorCode::Corrupt, u"Packed answers of this project cannot be read."_s,
                       u"Run “project check --repair”: they are made again from the answers themselves."_s);
    }
    return packs;
}

} // namespace

WordList::WordList(QStringList words) : m_words(std::move(words))
{
    for (qsizetype i = 0; i < m_words.size(); ++i)
        m_codes.insert(m_words[i], static_cast<quint32>(i));
}

void WordList::take(AnswerPack &pack)
{
    std::vector<quint32> codes;
    for (const QString &word : std::as_const(pack.words)) {
        const auto known = m_codes.constFind(word);
        if (known != m_codes.constEnd()) {
            codes.push_back(*known);
            continue;
        }
        codes.push_back(*m_codes.insert(word, static_cast<quint32>(m_words.size())));
        m_words << word;
    }
    for (PackedAnswer &answer : pack.answers)
        answer.word = codes[answer.word];
}

Result<std::vector<AnswerPack>> answerPacks(Connection &connection, const AnswerPackFilter &filter)
{
    EVALWRIGHT_ASSIGN(const qint64 upto, packedUpTo(connection));
    EVALWRIGHT_ASSIGN(Packs packs, storedPacks(connection, filter));
    Collector collector(packs);
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT %1 WHERE o.id > ?%2"_s.arg(
                                             Collector::columns(), conditions(filter, u"c.dataset_id"_s, u"o."_s)),
                                         {upto}, [&collector](const Statement::Row &row) { collector.add(row); }));
    collector.finish();
    std::vector<AnswerPack> list;
    list.reserve(packs.size());
    for (auto &[place, pack] : packs)
        list.push_back(std::move(pack));
    return list;
}

Status packAnswers(Connection &connection)
{
    EVALWRIGHT_ASSIGN(qint64 upto, packedUpTo(connection));
    // A few cells at a time: the answers of a large run need not all be in memory.
    constexpr qint64 rowsAtOnce = 500'000;
    for (;;) {
        Packs fresh;
        qint64 last = upto, rows = 0;
        Collector collector(fresh);
        EVALWRIGHT_TRY(connection.forEachRow(
            u"SELECT %1 WHERE o.id > ? ORDER BY o.id LIMIT ?"_s.arg(
                Collector::columns().replace(u" FROM "_s, u", o.id FROM "_s)),
            {upto, rowsAtOnce}, [&](const Statement::Row &row) {
                collector.add(row);
                last = row.integer(15);
                ++rows;
            }));
        if (rows == 0)
            return {};
        collector.finish();
        for (auto &[place, pack] : fresh) {
            AnswerPackFilter same;
            same.datasets << place.dataset;
            same.run = place.run;
            same.models << place.model;
            EVALWRIGHT_ASSIGN(Packs known, storedPacks(connection, same));
            AnswerPack merged;
            if (const auto found = known.find(place); found != known.end())
                merged = std::move(found->second);
            merged.place = place;
            WordList words(merged.words);
            words.take(pack);
            merged.words = words.words();
            merged.answers.insert(merged.answers.end(), pack.answers.begin(), pack.answers.end());
            std::ranges::stable_sort(merged.answers, {}, &PackedAnswer::item);
            EVALWRIGHT_TRY(connection.execute(
                u"INSERT INTO answer_pack (run_id, dataset_id, model_id, frame, control, option_order, repeat, method, "
                u"answers, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (dataset_id, run_id, model_id, frame, "
                u"control, option_order, repeat, method) DO UPDATE SET answers = excluded.answers, data = excluded.data"_s,
                {place.run.value, place.dataset.value, place.model.value, bound(place.frame), bound(place.control),
                 bound(place.optionOrder), place.repeat, bound(place.method),
                 static_cast<qint64>(merged.answers.size()), packed(merged)}));
        }
        upto = last;
        EVALWRIGHT_TRY(connection.execute(u"INSERT INTO answer_pack_state (id, upto) VALUES (1, ?) "
                                          u"ON CONFLICT (id) DO UPDATE SET upto = excluded.upto"_s,
                                          {upto}));
    }
}

Result<qint64> differingAnswerPacks(Connection &connection)
{
    EVALWRIGHT_ASSIGN(const qint64 upto, packedUpTo(connection));
    qint64 differing = 0;
    EVALWRIGHT_ASSIGN(const Packs packs, readPacks(connection, {}, differing));
    Packs fresh;
    Collector collector(fresh);
    EVALWRIGHT_TRY(connection.forEachRow(u"SELECT %1 WHERE o.id <= ?"_s.arg(Collector::columns()), {upto},
                                         [&collector](const Statement::Row &row) { collector.add(row); }));
    collector.finish();
    const auto same = [](const AnswerPack &a, const AnswerPack &b) {
        const auto equal = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
        return std::ranges::equal(a.answers, b.answers, [&](const PackedAnswer &x, const PackedAnswer &y) {
            return x.item == y.item && x.outcome == y.outcome && x.matches == y.matches && x.censored == y.censored &&
                   equal(x.pMatching, y.pMatching) && equal(x.labelMass, y.labelMass) &&
                   a.words[static_cast<qsizetype>(x.word)] == b.words[static_cast<qsizetype>(y.word)];
        });
    };
    for (const auto &[place, pack] : fresh) {
        const auto found = packs.find(place);
        differing += found == packs.end() || !same(pack, found->second) ? 1 : 0;
    }
    for (const auto &[place, pack] : packs)
        differing += fresh.contains(place) ? 0 : 1;
    return differing;
}

Status dropAnswerPacks(Connection &connection)
{
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM answer_pack"_s));
    EVALWRIGHT_TRY(connection.execute(u"DELETE FROM answer_pack_state"_s));
    return {};
}

} // namespace evalwright
