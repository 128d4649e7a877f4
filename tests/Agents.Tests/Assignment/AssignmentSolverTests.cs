using EdgeAutonomy.Runtime;
using EdgeAutonomy.Tests;

namespace EdgeAutonomy.Agents.Tests.Assignment;

public class AssignmentSolverTests
{
    [Fact]
    public void Solve_SmallProblems_EqualsTheBestOfAllPermutations()
    {
        var random = new RandomStream(1);
        var solver = new AssignmentSolver();
        for (int k = 0; k < 600; k++)
        {
            int rows = random.NextInt32(7), columns = random.NextInt32(7);
            var cost = new double[rows * columns];
            for (int i = 0; i < cost.Length; i++)
            {
                cost[i] = k % 3 == 0 ? random.NextInt32(5) : random.NextDouble(-10, 10);
                if (k % 4 == 1 && random.NextDouble() < 0.4) cost[i] = double.PositiveInfinity;
            }
            var columnOf = new int[rows];
            double value = solver.Solve(cost, rows, columns, columnOf);
            var (pairs, best) = BruteForce(cost, rows, columns, 0, 0);
            Assert.Equal(pairs, columnOf.Count(c => c >= 0));
            Assert.Equal(best, value, 1e-9);
            Assert.Equal(pairs, columnOf.Where(c => c >= 0).Distinct().Count());
            Assert.Equal(value, Enumerable.Range(0, rows).Where(r => columnOf[r] >= 0).Sum(r => cost[r * columns + columnOf[r]]), 1e-12);
        }
    }

    [Fact]
    public void Solve_200By200_HasADualThatProvesIt()
    {
        // No oracle of that size: instead, no exchange along any pair of rows and no cycle of three lowers the cost.
        var random = new RandomStream(2);
        const int N = 200;
        var cost = new double[N * N];
        for (int i = 0; i < cost.Length; i++) cost[i] = random.NextDouble(0, 100);
        var columnOf = new int[N];
        double value = new AssignmentSolver().Solve(cost, N, N, columnOf);
        Assert.Equal(N, columnOf.Distinct().Count());
        // Longest-path test on the residual graph: a negative cycle exists iff the assignment is not optimal (Bellman and Ford).
        var potential = new double[N];
        bool changed = true;
        for (int round = 0; round <= N && changed; round++)
        {
            changed = false;
            for (int a = 0; a < N; a++)
            {
                for (int b = 0; b < N; b++)
                {
                    double w = cost[a * N + columnOf[b]] - cost[a * N + columnOf[a]];
                    if (potential[a] + w >= potential[b] - 1e-9) continue;
                    potential[b] = potential[a] + w;
                    changed = true;
                }
            }
        }
        Assert.False(changed, "a cycle of exchanges lowers the cost");
        Assert.InRange(value, 1, 1000);
    }

    [Fact]
    public void Solve_Again_AllocatesNothing()
    {
        var random = new RandomStream(3);
        var cost = new double[20 * 30];
        for (int i = 0; i < cost.Length; i++) cost[i] = random.NextDouble();
        var solver = new AssignmentSolver();
        var columnOf = new int[20];
        Allocations.AssertNone(() => solver.Solve(cost, 20, 30, columnOf));
    }

    [Fact]
    public void Solve_CostNotANumberOrSizesThatDisagree_Throws()
    {
        Assert.Throws<ArgumentException>(() => new AssignmentSolver().Solve([1, double.NaN], 1, 2, new int[1]));
        Assert.Throws<ArgumentException>(() => new AssignmentSolver().Solve([1, 2], 2, 2, new int[2]));
        Assert.Throws<ArgumentException>(() => new AssignmentSolver().Solve([1, 2], 1, 2, new int[2]));
    }

    private static (int Pairs, double Cost) BruteForce(double[] cost, int rows, int columns, int row, int used)
    {
        if (row == rows) return (0, 0);
        var best = BruteForce(cost, rows, columns, row + 1, used);
        for (int c = 0; c < columns; c++)
        {
            if ((used & 1 << c) != 0 || double.IsPositiveInfinity(cost[row * columns + c])) continue;
            var (pairs, rest) = BruteForce(cost, rows, columns, row + 1, used | 1 << c);
            if (pairs + 1 > best.Pairs || pairs + 1 == best.Pairs && rest + cost[row * columns + c] < best.Cost) best = (pairs + 1, rest + cost[row * columns + c]);
        }
        return best;
    }
}
