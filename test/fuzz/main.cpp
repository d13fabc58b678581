// Runs a fuzz target without a fuzzer, the same way each time: every input whole, every beginning of it, then changes of them that a seed draws.
// OAUTH_FUZZ_CHANGES=N goes before --changes.
//   fuzz_TARGET [--changes N] [--seed N] PATH...     a folder stands for the files in it; a file named *.lines holds an input a line
//   fuzz_TARGET --write FOLDER PATH...               writes the inputs down instead, for a real fuzzer to begin with
// What makes the target fail, or hang for half a minute, is left in the file PROGRAM.failed: give it back as PATH to see it again.

#include <algorithm>
#include <array>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <vector>
#include <fcntl.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

// A target whose first byte chooses among so many says so; each of them is then put before every input.
extern "C" [[gnu::weak]] int fuzz_choices();

// There in a program that is built with a sanitizer.
extern "C" [[gnu::weak]] void __sanitizer_set_death_callback(void (*)());

namespace {

namespace fs = std::filesystem;

std::string failed_path;
std::uint8_t const* current = nullptr;
std::size_t current_size = 0;

void leave_input()
{
    if (current == nullptr) return;
    int const file = open(failed_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0) return;
    auto const written = write(file, current, current_size);
    constexpr std::string_view words = "the input that failed is in ";
    if (written < 0 || write(2, words.data(), words.size()) < 0 || write(2, failed_path.c_str(), failed_path.size()) < 0 || write(2, "\n", 1) < 0) _exit(3);
    close(file);
    current = nullptr;
}

extern "C" void on_signal(int number)
{
    leave_input();
    std::signal(number, SIG_DFL);
    std::raise(number);
}

void run(std::string_view input)
{
    // A copy of just its size, so that a sanitizer sees whoever reads past its end.
    std::vector<std::uint8_t> const copy(input.begin(), input.end());
    current = copy.data();
    current_size = copy.size();
    alarm(30);
    LLVMFuzzerTestOneInput(copy.data(), copy.size());
    current = nullptr;
}

std::string contents(fs::path const& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void add_inputs(fs::path const& path, std::vector<std::string>& to)
{
    auto text = contents(path);
    if (path.extension() != ".lines") return to.push_back(std::move(text));
    for (std::size_t begin = 0; begin < text.size();)
    {
        auto const end = std::min(text.find('\n', begin), text.size());
        to.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
}

/// All inputs of the paths, in an order that does not depend on the file system.
std::vector<std::string> inputs_of(std::vector<std::string> const& paths)
{
    std::vector<fs::path> files;
    for (auto const& path : paths)
    {
        if (!fs::is_directory(path)) files.emplace_back(path);
        else
            for (auto const& entry : fs::recursive_directory_iterator(path))
                if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::vector<std::string> out;
    for (auto const& file : files) add_inputs(file, out);
    return out;
}

/// Changes inputs at random; the same seed makes the same changes everywhere.
class changer
{
    std::mt19937_64 random_;
    std::vector<std::string> const& inputs_;

    static constexpr std::size_t longest = 64 * 1024;

    // What parsers stumble over.
    static constexpr std::array<std::string_view, 44> words_{"\"", "\\", "{", "}", "[", "]", ":", ",", "null", "true", "-", "0", "1e400", "-1e-400", "9223372036854775808",
        "18446744073709551616", "2147483648", "0.5", "\\u0000", "\\ud800", "\\udc00", "\\\"", "\xef\xbb\xbf", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "%", "%00",
        "%25", "%zz", "+", "&", "=", "#", "?", " ", "\r\n", "\t", "{\"a\":", "[[[[[[[[", "\"error\":", "code=", "state="};

    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit); }

    void change(std::string& text)
    {
        auto const at = below(text.size() + 1), length = std::min(below(below(4) == 0 ? 256 : 8) + 1, text.size() - at);
        switch (below(10))
        {
        case 0:
            if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << below(8));
            break;
        case 1:
            if (at < text.size()) text[at] = static_cast<char>(below(256));
            break;
        case 2: text.insert(at, 1, static_cast<char>(below(256))); break;
        case 3: text.erase(at, length); break;
        case 4: text.insert(at, text.substr(at, length)); break;
        case 5: text.insert(at, words_[below(words_.size())]); break;
        case 6: text.replace(at, length, words_[below(words_.size())]); break;
        case 7: text.resize(at); break;
        case 8:   // a part of another input, whole lines of members as a rule
        {
            auto const& other = inputs_[below(inputs_.size())];
            auto const from = below(other.size() + 1);
            text.replace(at, below(2) == 0 ? length : 0, other.substr(from, below(200)));
            break;
        }
        default:   // the same over and over: depth, width, length
        {
            std::string const unit = below(2) == 0 ? text.substr(at, length) : std::string(words_[below(words_.size())]);
            std::string repeated;
            for (auto n = below(below(8) == 0 ? 4096 : 64); n > 0; --n) repeated += unit;
            text.insert(at, repeated);
        }
        }
        if (text.size() > longest) text.resize(longest);
    }

public:
    changer(std::uint64_t seed, std::vector<std::string> const& inputs) : random_(seed), inputs_(inputs) {}

    std::string next(int choices)
    {
        auto text = inputs_[below(inputs_.size())];
        // One alone as a rule: after several hardly anything gets past the first check.
        for (auto n = below(below(3) == 0 ? 4 : 1) + 1; n > 0; --n) change(text);
        if (choices > 0) text.insert(text.begin(), static_cast<char>(below(static_cast<std::size_t>(choices))));
        return text;
    }
};

void write_down(std::vector<std::string> const& inputs, int choices, fs::path const& folder)
{
    fs::create_directories(folder);
    std::size_t number = 0;
    for (auto const& input : inputs)
        for (int choice = 0; choice < std::max(choices, 1); ++choice)
            std::ofstream(folder / std::to_string(number++), std::ios::binary) << (choices > 0 ? std::string(1, static_cast<char>(choice)) : std::string()) << input;
    std::printf("%zu inputs written\n", number);
}

[[noreturn]] void misused()
{
    std::fputs("usage: fuzz_TARGET [--changes N] [--seed N] PATH...\n       fuzz_TARGET --write FOLDER PATH...\n", stderr);
    std::exit(2);
}

std::uint64_t number(std::string_view text)
{
    std::uint64_t value = 0;
    if (auto const [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value); fault != std::errc() || end != text.data() + text.size()) misused();
    return value;
}

} // namespace

int main(int count, char** arguments)
{
    std::uint64_t changes = 0, seed = 1;
    std::string folder;
    std::vector<std::string> paths;
    for (int i = 1; i < count; ++i)
    {
        std::string_view const word = arguments[i];
        bool const flag = word.starts_with("--");
        if (flag && i + 1 == count) misused();
        if (word == "--changes") changes = number(arguments[++i]);
        else if (word == "--seed") seed = number(arguments[++i]);
        else if (word == "--write") folder = arguments[++i];
        else if (flag) misused();
        else paths.emplace_back(word);
    }
    if (char const* const more = std::getenv("OAUTH_FUZZ_CHANGES")) changes = number(more);
    auto const inputs = inputs_of(paths);
    if (inputs.empty()) misused();
    int const choices = fuzz_choices != nullptr ? fuzz_choices() : 0;
    if (!folder.empty()) return write_down(inputs, choices, folder), 0;

    failed_path = std::string(arguments[0]) + ".failed";
    fs::remove(failed_path);
    for (int const signal : {SIGABRT, SIGALRM}) std::signal(signal, on_signal);
    if (__sanitizer_set_death_callback != nullptr) __sanitizer_set_death_callback(leave_input);

    std::size_t runs = 0;
    auto const run_one = [&runs](std::string_view input) { run(input), ++runs; };
    run_one("");
    for (auto const& input : inputs)
    {
        run_one(input);   // one that failed before holds its choice already
        std::string chosen = '\0' + input;
        for (int choice = 0; choice < choices; ++choice)
        {
            chosen[0] = static_cast<char>(choice);
            run_one(chosen);
        }
        // Each beginning; of a long input, whose middle is as good as any other, only some.
        for (std::size_t size = 1; size < input.size(); size += size < 4096 ? 1 : 61)
        {
            chosen[0] = static_cast<char>(choices > 0 ? size % static_cast<std::size_t>(choices) : 0);
            run_one(choices > 0 ? std::string_view(chosen).substr(0, size + 1) : std::string_view(input).substr(0, size));
        }
    }
    changer next(seed, inputs);
    for (std::uint64_t i = 0; i < changes; ++i) run_one(next.next(choices));
    std::printf("%zu inputs, %zu runs\n", inputs.size(), runs);
}
