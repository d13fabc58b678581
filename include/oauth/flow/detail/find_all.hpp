#ifndef OAUTH_FLOW_DETAIL_FIND_ALL_HPP
#define OAUTH_FLOW_DETAIL_FIND_ALL_HPP

#include <cstddef>
#include <string_view>
#include <vector>

namespace oauth::detail {

/** Call `visit(std::size_t)` for each place in `text` where `pattern` begins, from left to right, also where two of them overlap. @pre `pattern` is not empty

    By Knuth, Morris and Pratt, since both texts may be a server's choice: the standard's searchers take the product of both lengths at worst.

    @par Complexity
    The sum of both lengths. One allocation.
*/
template <class Visitor>
void find_all(std::string_view text, std::string_view pattern, Visitor visit)
{
    // How long is the longest beginning of the pattern that is also an end of its first i + 1 characters, but not all of them?
    std::vector<std::size_t> border(pattern.size());
    for (std::size_t i = 1, same = 0; i < pattern.size(); ++i)
    {
        while (same > 0 && pattern[i] != pattern[same]) same = border[same - 1];
        if (pattern[i] == pattern[same]) ++same;
        border[i] = same;
    }
    for (std::size_t i = 0, same = 0; i < text.size(); ++i)
    {
        if (same == 0 && (i = text.find(pattern.front(), i)) == text.npos) return;   // many bytes at a time
        while (same > 0 && text[i] != pattern[same]) same = border[same - 1];
        if (text[i] == pattern[same]) ++same;
        if (same != pattern.size()) continue;
        visit(i + 1 - same);
        same = border[same - 1];
    }
}

} // namespace oauth::detail

#endif
