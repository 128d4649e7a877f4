using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAutonomy.Learning;

/// <summary>Four systems in a register of 256 bits; computed in software, with the same bits, where the processor has none.</summary>
internal readonly struct OrbitLanes256(Vector256<double> value) : IOrbitLanes<OrbitLanes256>
{
    private readonly Vector256<double> _value = value;

    public static int Count => Vector256<double>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 Of(double value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 Load(ReadOnlySpan<double> source) => new(Vector256.Create(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(OrbitLanes256 value, Span<double> target) => value._value.CopyTo(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 Sqrt(OrbitLanes256 value) => new(Vector256.Sqrt(value._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 WhereAtMost(OrbitLanes256 a, OrbitLanes256 b, OrbitLanes256 yes, OrbitLanes256 no) =>
        new(Vector256.ConditionalSelect(Vector256.LessThanOrEqual(a._value, b._value), yes._value, no._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AllAtMost(OrbitLanes256 a, OrbitLanes256 b) => Vector256.LessThanOrEqualAll(a._value, b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 operator +(OrbitLanes256 a, OrbitLanes256 b) => new(a._value + b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 operator -(OrbitLanes256 a, OrbitLanes256 b) => new(a._value - b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 operator *(OrbitLanes256 a, OrbitLanes256 b) => new(a._value * b._value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OrbitLanes256 operator /(OrbitLanes256 a, OrbitLanes256 b) => new(a._value / b._value);
}
