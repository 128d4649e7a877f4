using System.Runtime.CompilerServices;

namespace EdgeAutonomy.Runtime;

/// <summary>One lane: the scalar twin of the vector implementations.</summary>
internal readonly struct ScalarLane(float value) : ILanes<ScalarLane>
{
    private readonly float _value = value;

    public static int Count => 1;

    /// <summary>Gets the number.</summary>
    public float Value => _value;

    private int Bits => BitConverter.SingleToInt32Bits(_value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Load(ref float source) => new(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(ScalarLane value, ref float target) => target = value._value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Of(float value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane OfBits(int bits) => new(BitConverter.Int32BitsToSingle(bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator +(ScalarLane a, ScalarLane b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator -(ScalarLane a, ScalarLane b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator *(ScalarLane a, ScalarLane b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator /(ScalarLane a, ScalarLane b) => new(a._value / b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator &(ScalarLane a, ScalarLane b) => OfBits(a.Bits & b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane operator ^(ScalarLane a, ScalarLane b) => OfBits(a.Bits ^ b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Less(ScalarLane a, ScalarLane b) => OfBits(a._value < b._value ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Equal(ScalarLane a, ScalarLane b) => OfBits(a._value == b._value ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane SameBits(ScalarLane a, ScalarLane b) => OfBits(a.Bits == b.Bits ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane Select(ScalarLane mask, ScalarLane a, ScalarLane b) => mask.Bits != 0 ? a : b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane AddBits(ScalarLane a, ScalarLane b) => OfBits(a.Bits + b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane SubtractBits(ScalarLane a, ScalarLane b) => OfBits(a.Bits - b.Bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane ShiftLeft(ScalarLane a, int bits) => OfBits(a.Bits << bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ScalarLane ShiftRight(ScalarLane a, int bits) => OfBits(a.Bits >> bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(ScalarLane mask) => mask.Bits != 0;
}
