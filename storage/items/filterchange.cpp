// SPDX-FileCopyrightText: 2026 The Evalwright authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/items/filterchange.h"

#include <algorithm>

namespace evalwright {

namespace {

/// A band has its lower end and not its upper one, which one range cannot say.
QList<ItemTerm> termsOf(int band)
{
    ItemTerm term;
    term.field = ItemField::Confidence;
    if (band == unknownConfidence) {
        term.isUnknown = true;
        return {term};
    }
    QList<ItemTerm> terms;
    if (band > 0) {
        terms << term;
        terms.last().low = band / double(confidenceBands);
    }
    if (band < confidenceBands - 1) {
        terms << term;
        terms.last().high = (band + 1) / double(confidenceBands);
        terms.last().isHighOpen = true;
    }
    return terms;
}

} // namespace

bool filterHas(const ItemFilter &filter, ItemField field, const QString &value)
{
    return std::ranges::any_of(filter.terms, [&](const ItemTerm &term) {
        return term.field == field && !term.isNegated && term.values.contains(value);
    });
}

ItemFilter filterWith(ItemFilter filter, ItemField field, const QString &value, bool on)
{
    if (on) {
        if (filterHas(filter, field, value))
            return filter;
        const auto term = std::ranges::find_if(filter.terms, [&](const ItemTerm &one) { return one.field == field && !one.isNegated; });
        if (term != filter.terms.end()) {
            term->values << value;
            return filter;
        }
        ItemTerm fresh;
        fresh.field = field;
        fresh.values = {value};
        // Words stand at the end, as in toText().
        const auto words = std::ranges::find_if(filter.terms, [](const ItemTerm &one) { return one.field == ItemField::Words && !one.isNegated; });
        filter.terms.insert(words, fresh);
        return filter;
    }
    for (ItemTerm &term : filter.terms) {
        if (term.field == field && !term.isNegated)
            term.values.removeAll(value);
    }
    filter.terms.removeIf([&](const ItemTerm &term) { return term.field == field && !term.isNegated && term.values.isEmpty(); });
    return filter;
}

ItemFilter filterWithout(ItemFilter filter, ItemField field)
{
    filter.terms.removeIf([field](const ItemTerm &term) { return term.field == field; });
    return filter;
}

bool filterHasBand(const ItemFilter &filter, int band)
{
    QList<ItemTerm> of;
    std::ranges::copy_if(filter.terms, std::back_inserter(of), [](const ItemTerm &term) { return term.field == ItemField::Confidence; });
    const QList<ItemTerm> wanted = termsOf(band);
    return of.size() == wanted.size() && std::ranges::all_of(wanted, [&](const ItemTerm &term) { return of.contains(term); });
}

ItemFilter filterWithBand(ItemFilter filter, int band, bool on)
{
    filter = filterWithout(std::move(filter), ItemField::Confidence);
    if (on)
        filter.terms = termsOf(band) + filter.terms;
    return filter;
}

} // namespace evalwright
