int Work(int n);

int main(void)
{
	return Work(7);
}
