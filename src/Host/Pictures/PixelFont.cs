namespace EdgeAutonomy.Host;

/// <summary>A font of five by seven dots with what labels of event pictures need: digits, a few letters, a few signs.</summary>
internal static class PixelFont
{
    /// <summary>Columns of a letter.</summary>
    public const int Width = 5;

    /// <summary>Rows of a letter.</summary>
    public const int Height = 7;

    // Seven rows a letter, from the top; five bits a row, the leftmost column first.
    private static readonly Dictionary<char, byte[]> Letters = new()
    {
        ['0'] = [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        ['1'] = [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        ['2'] = [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        ['3'] = [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        ['4'] = [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        ['5'] = [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        ['6'] = [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        ['7'] = [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        ['8'] = [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        ['9'] = [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
        ['.'] = [0, 0, 0, 0, 0, 0b01100, 0b01100],
        ['-'] = [0, 0, 0, 0b11111, 0, 0, 0],
        ['+'] = [0, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0],
        ['s'] = [0, 0, 0b01111, 0b10000, 0b01110, 0b00001, 0b11110],
        ['m'] = [0, 0, 0b11010, 0b10101, 0b10101, 0b10101, 0b10101],
        ['k'] = [0b10000, 0b10000, 0b10010, 0b10100, 0b11000, 0b10100, 0b10010],
        ['M'] = [0b10001, 0b11011, 0b10101, 0b10101, 0b10001, 0b10001, 0b10001],
        ['e'] = [0, 0, 0b01110, 0b10001, 0b11111, 0b10000, 0b01110],
        ['v'] = [0, 0, 0b10001, 0b10001, 0b10001, 0b01010, 0b00100],
        ['n'] = [0, 0, 0b11110, 0b10001, 0b10001, 0b10001, 0b10001],
        ['t'] = [0b01000, 0b01000, 0b11110, 0b01000, 0b01000, 0b01001, 0b00110],
    };

    /// <summary>Tells whether a dot of a letter is set.</summary>
    public static bool IsSet(char letter, int column, int row) => Letters.TryGetValue(letter, out byte[]? rows) && (rows[row] >> (Width - 1 - column) & 1) != 0;
}
